package dev.rmb.standalone.command;

import dev.rmb.client.Call;
import dev.rmb.client.RemoteErrorException;
import dev.rmb.client.Reply;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbException;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "call",
        description = "Sends a request to a twin and prints the payload of its answer.",
        mixinStandardHelpOptions = true)
final class CallCommand implements Runnable {
    /** Beyond the call's own time, for what the client needs to tell that it is over. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Mixin private final PeerOptions peer = new PeerOptions();
    @Mixin private final SecretOptions secret = new SecretOptions();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "how long to wait, and for how long the relay keeps the request for a twin"
                            + " that is away (default: ${DEFAULT-VALUE})")
    private long timeoutSeconds = 60;

    @Option(
            names = "--fail-fast",
            description = "fail at once if the twin is not connected, rather than wait for it")
    private boolean failFast;

    @SuppressWarnings("NullAway.Init")
    @Parameters(
            index = "0",
            paramLabel = "TO",
            description = "the twin that serves it: 2, or 2:NAME for one of its connections")
    private String to;

    @SuppressWarnings("NullAway.Init")
    @Parameters(
            index = "1",
            paramLabel = "COMMAND",
            description = "what it is asked to run, for example calculator.add")
    private String command;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "PAYLOAD",
            description = "text to run it with; - reads it from standard input (default: none)")
    private @Nullable String payload;

    @Override
    public void run() {
        Call call = call();
        try (KeyPair key = secret.keyPair();
                RmbClient client = peer.client(key).connect()) {
            Reply reply =
                    client.call(call)
                            .toCompletableFuture()
                            .get(timeoutSeconds + GRACE.toSeconds(), TimeUnit.SECONDS);
            print(reply.payload());
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } catch (RmbException | TimeoutException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private Call call() {
        if (timeoutSeconds < 1) {
            throw new CommandException("--timeout must be at least 1");
        }
        Address address;
        try {
            address = Address.parse(to);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        Call call =
                Call.of(address, command)
                        .withPayload(payload())
                        .withTtl(Duration.ofSeconds(timeoutSeconds));
        return failFast ? call.failingFast() : call;
    }

    private byte[] payload() {
        if (payload == null) {
            return new byte[0];
        }
        if (!payload.equals("-")) {
            return payload.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return System.in.readAllBytes();
        } catch (IOException e) {
            throw new CommandException("standard input cannot be read: " + e, e);
        }
    }

    /** The payload's own bytes, which need not be text, and a line break. */
    private static void print(byte[] answer) {
        try {
            OutputStream out = System.out;
            out.write(answer);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new CommandException("standard output cannot be written: " + e, e);
        }
    }

    private static CommandException failed(Throwable failure) {
        if (failure instanceof RemoteErrorException error) {
            return new CommandException(
                    (error.isFromRelay()
                                    ? "the relay says: "
                                    : "the twin answered with error %d: ".formatted(error.code()))
                            + error.text(),
                    error);
        }
        String message = failure.getMessage();
        return new CommandException(message == null ? failure.toString() : message, failure);
    }
}
