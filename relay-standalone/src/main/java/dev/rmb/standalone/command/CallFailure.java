package dev.rmb.standalone.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.client.CallTimeoutException;
import dev.rmb.client.NotConnectedException;
import dev.rmb.client.RelayConnectException;
import dev.rmb.client.RemoteErrorException;
import dev.rmb.client.UnknownTwinException;

/**
 * Why a call was not answered as it was meant to be.
 *
 * @param from who says so: {@code twin}, {@code relay} or {@code client}
 * @param code of the error, where it has one
 */
record CallFailure(int exitCode, String from, long code, String text, Throwable cause) {
    static CallFailure of(Throwable failure) {
        if (failure instanceof RemoteErrorException error) {
            return error.isFromRelay()
                    ? new CallFailure(
                            ExitCode.UNDELIVERABLE, "relay", error.code(), error.text(), error)
                    : new CallFailure(
                            ExitCode.TWIN_ERROR, "twin", error.code(), error.text(), error);
        }
        String message = failure.getMessage();
        return new CallFailure(
                exitCode(failure),
                "client",
                0,
                message == null ? failure.toString() : message,
                failure);
    }

    private static int exitCode(Throwable failure) {
        return switch (failure) {
            case CallTimeoutException _ -> ExitCode.TIMEOUT;
            case UnknownTwinException _ -> ExitCode.UNDELIVERABLE;
            case NotConnectedException _ -> ExitCode.NO_RELAY;
            case RelayConnectException _ -> ExitCode.NO_RELAY;
            default -> ExitCode.FAILURE;
        };
    }

    /** As a sentence for people. */
    CommandException told() {
        String told =
                switch (from) {
                    case "relay" -> "the relay says: " + text;
                    case "twin" -> "the twin answered with error " + code + ": " + text;
                    default -> text;
                };
        return new CommandException(exitCode, told, cause);
    }

    /** For programs. */
    ObjectNode json() {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("error").put("from", from).put("code", code).put("text", text);
        return object;
    }
}
