package dev.rmb.peer.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes what local programs read: every field, {@code null} where there is nothing. Thread-safe.
 */
public final class LocalWriter {
    private static final int VERSION = 1;

    /** Of the fields around payload and texts. */
    private static final int USUAL_BYTES = 256;

    private final JsonFactory json = new JsonFactory();

    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    /** The request of another twin, for whoever serves its command. */
    public byte[] request(Envelope envelope, String replyTo) {
        return object(
                envelope,
                out -> {
                    out.writeNumberField("ver", VERSION);
                    out.writeStringField("ref", envelope.getUid());
                    out.writeStringField("src", text(envelope.getSource()));
                    out.writeStringField("cmd", envelope.getRequest().getCommand());
                    number(out, "exp", envelope.getExpiration());
                    out.writeStringField("dat", base64(envelope));
                    out.writeStringField("tag", envelope.hasTags() ? envelope.getTags() : null);
                    out.writeStringField("ret", replyTo);
                    out.writeStringField("shm", envelope.hasSchema() ? envelope.getSchema() : null);
                    number(out, "now", envelope.getTimestamp());
                });
    }

    /** The answer of another twin or of the relay, for whoever asked. */
    public byte[] response(Envelope envelope, @Nullable String reference) {
        return object(
                envelope,
                out -> {
                    out.writeNumberField("ver", VERSION);
                    out.writeStringField("ref", reference);
                    out.writeStringField("dat", base64(envelope));
                    out.writeStringField("src", text(envelope.getSource()));
                    out.writeStringField("shm", envelope.hasSchema() ? envelope.getSchema() : null);
                    number(out, "now", envelope.getTimestamp());
                    if (envelope.hasError()) {
                        error(
                                out,
                                Integer.toUnsignedLong(envelope.getError().getCode()),
                                envelope.getError().getMessage());
                    } else {
                        out.writeNullField("err");
                    }
                });
    }

    /** An error of this peer's own, which has no source and no time. */
    public byte[] error(PeerError error, @Nullable String reference) {
        return object(
                Envelope.getDefaultInstance(),
                out -> {
                    own(out, reference, "", null);
                    error(out, error.code(), error.text());
                });
    }

    /** An answer of this peer's own, in JSON. */
    public byte[] answer(byte[] payload, @Nullable String reference) {
        return object(
                Envelope.getDefaultInstance(),
                out -> {
                    own(
                            out,
                            reference,
                            Base64.getEncoder().encodeToString(payload),
                            "application/json");
                    out.writeNullField("err");
                });
    }

    private static void own(
            JsonGenerator out, @Nullable String reference, String data, @Nullable String schema)
            throws IOException {
        out.writeNumberField("ver", VERSION);
        out.writeStringField("ref", reference);
        out.writeStringField("dat", data);
        out.writeStringField("src", "");
        out.writeStringField("shm", schema);
        out.writeNumberField("now", 0);
    }

    private static void error(JsonGenerator out, long code, String text) throws IOException {
        out.writeObjectFieldStart("err");
        out.writeNumberField("code", code);
        out.writeStringField("message", text);
        out.writeEndObject();
    }

    /** Numbers on the wire are unsigned. */
    private static void number(JsonGenerator out, String field, long unsigned) throws IOException {
        out.writeFieldName(field);
        if (unsigned >= 0) {
            out.writeNumber(unsigned);
        } else {
            out.writeNumber(Long.toUnsignedString(unsigned));
        }
    }

    private static String base64(Envelope envelope) {
        return Base64.getEncoder().encodeToString(envelope.getPlain().toByteArray());
    }

    private static String text(Address address) {
        String twin = Integer.toUnsignedString(address.getTwin());
        return address.hasConnection() ? twin + ":" + address.getConnection() : twin;
    }

    private byte[] object(Envelope envelope, Fields fields) {
        var bytes = new ByteArrayOutputStream(USUAL_BYTES + envelope.getPlain().size() * 4 / 3);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }
}
