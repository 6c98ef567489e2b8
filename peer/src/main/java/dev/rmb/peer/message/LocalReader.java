package dev.rmb.peer.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Lifetime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what local programs push. Fields that it does not know are passed over. Thread-safe. */
public final class LocalReader {
    /**
     * Of a whole message: an envelope of 16 MiB, a third larger in base64, and what is around it.
     */
    public static final int MAX_BYTES = 24 << 20;

    private static final int VERSION = 1;
    private static final long MAX_TWIN = 0xFFFF_FFFFL;
    private static final int MAX_DESTINATIONS = 10_000;
    private static final int MAX_DEPTH = 50;

    private final ObjectMapper json;

    public LocalReader() {
        StreamReadConstraints constraints =
                StreamReadConstraints.builder()
                        .maxStringLength(MAX_BYTES)
                        .maxNestingDepth(MAX_DEPTH)
                        .build();
        json =
                new ObjectMapper(JsonFactory.builder().streamReadConstraints(constraints).build())
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** What is wrong with a message, and how that is told. */
    private static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient PeerError error;

        UnreadableException(PeerError error) {
            super(error.text(), null, false, false);
            this.error = error;
        }
    }

    /** Reads what was pushed on {@code msgbus.system.local}. */
    public Local<OutgoingRequest> request(byte[] pushed) {
        JsonNode message = null;
        try {
            message = object(pushed);
            version(message);
            return new Local.Read<>(
                    new OutgoingRequest(
                            optional(message, "ref"),
                            command(message),
                            new Lifetime(number(message, "now"), number(message, "exp")),
                            payload(message),
                            optional(message, "tag"),
                            destinations(message),
                            replyTo(message),
                            optional(message, "shm")));
        } catch (UnreadableException e) {
            return new Local.Unreadable<>(e.error, text(message, "ret"), text(message, "ref"));
        }
    }

    /** Reads what was pushed on {@code msgbus.system.reply}. */
    public Local<OutgoingResponse> response(byte[] pushed) {
        JsonNode message = null;
        try {
            message = object(pushed);
            version(message);
            String uid = text(message, "ref");
            if (uid == null || uid.isEmpty()) {
                throw new UnreadableException(
                        PeerError.invalidMessage("'ref' of the request is missing"));
            }
            PeerError error = error(message);
            return new Local.Read<>(
                    new OutgoingResponse(
                            uid,
                            error == null ? payload(message) : ByteString.EMPTY,
                            destination(message),
                            optional(message, "shm"),
                            number(message, "now"),
                            error));
        } catch (UnreadableException e) {
            return new Local.Unreadable<>(e.error, null, text(message, "ref"));
        }
    }

    /** The JSON object within, for modules that have parameters of their own. */
    public JsonNode parameters(byte[] text) throws IOException {
        JsonNode read = json.readTree(text);
        if (!read.isObject()) {
            throw new IOException("not a JSON object");
        }
        return read;
    }

    private JsonNode object(byte[] pushed) throws UnreadableException {
        if (pushed.length > MAX_BYTES) {
            throw new UnreadableException(
                    PeerError.invalidMessage("more than " + MAX_BYTES + " bytes"));
        }
        try {
            JsonNode read = json.readTree(pushed);
            if (read.isObject()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            throw new UnreadableException(
                    PeerError.invalidMessage("no JSON: " + e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UnreadableException(PeerError.invalidMessage("no JSON"));
        }
        throw new UnreadableException(PeerError.invalidMessage("no JSON object"));
    }

    private static void version(JsonNode message) throws UnreadableException {
        JsonNode version = message.get("ver");
        if (version == null || !version.isIntegralNumber() || version.longValue() != VERSION) {
            throw new UnreadableException(
                    PeerError.invalidMessage("version " + version + ", where 1 is known"));
        }
    }

    private static @Nullable String text(@Nullable JsonNode message, String field) {
        JsonNode value = message == null ? null : message.get(field);
        return value == null || !value.isTextual() ? null : value.textValue();
    }

    private static @Nullable String optional(JsonNode message, String field)
            throws UnreadableException {
        JsonNode value = message.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new UnreadableException(PeerError.invalidMessage("'" + field + "' is no text"));
        }
        return value.textValue();
    }

    private static String command(JsonNode message) throws UnreadableException {
        String command = text(message, "cmd");
        if (command == null || command.isEmpty()) {
            throw new UnreadableException(PeerError.invalidMessage("'cmd' is missing"));
        }
        return command;
    }

    private static String replyTo(JsonNode message) throws UnreadableException {
        String list = text(message, "ret");
        if (list == null) {
            throw new UnreadableException(PeerError.invalidMessage("'ret' is missing"));
        }
        return list;
    }

    private static long number(JsonNode message, String field) throws UnreadableException {
        JsonNode value = message.get(field);
        if (value == null || value.isNull()) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new UnreadableException(
                    PeerError.invalidMessage("'" + field + "' is no number of seconds"));
        }
        return value.longValue();
    }

    private static ByteString payload(JsonNode message) throws UnreadableException {
        String data = optional(message, "dat");
        if (data == null) {
            return ByteString.EMPTY;
        }
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(data));
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(
                    PeerError.invalidPayload("'dat' is no base64: " + e.getMessage()));
        }
    }

    private static List<Long> destinations(JsonNode message) throws UnreadableException {
        JsonNode list = message.get("dst");
        if (list == null || !list.isArray() || list.isEmpty()) {
            throw new UnreadableException(
                    PeerError.invalidMessage("'dst' names no twin to send to"));
        }
        if (list.size() > MAX_DESTINATIONS) {
            throw new UnreadableException(
                    PeerError.invalidMessage("'dst' has more than " + MAX_DESTINATIONS + " twins"));
        }
        List<Long> twins = new ArrayList<>(list.size());
        for (JsonNode twin : list) {
            if (!twin.isIntegralNumber()
                    || !twin.canConvertToLong()
                    || twin.longValue() < 0
                    || twin.longValue() > MAX_TWIN) {
                throw new UnreadableException(
                        PeerError.invalidMessage("'dst' has something that is no twin id"));
            }
            twins.add(twin.longValue());
        }
        return twins;
    }

    private static Address destination(JsonNode message) throws UnreadableException {
        String address = text(message, "dst");
        if (address == null) {
            throw new UnreadableException(PeerError.invalidMessage("'dst' is missing"));
        }
        try {
            return Address.parse(address);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(PeerError.invalidMessage("'dst' is no address"));
        }
    }

    private static @Nullable PeerError error(JsonNode message) throws UnreadableException {
        JsonNode error = message.get("err");
        if (error == null || error.isNull()) {
            return null;
        }
        JsonNode code = error.get("code");
        if (!error.isObject()
                || (code != null
                        && (!code.isIntegralNumber()
                                || !code.canConvertToLong()
                                || code.longValue() < 0
                                || code.longValue() > MAX_TWIN))) {
            throw new UnreadableException(
                    PeerError.invalidMessage("'err' is not {\"code\", \"message\"}"));
        }
        String text = text(error, "message");
        return new PeerError(code == null ? 0 : code.longValue(), text == null ? "" : text);
    }
}
