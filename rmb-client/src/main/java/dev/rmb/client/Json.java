package dev.rmb.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Payloads as JSON. Fields that are not known are passed over: the other side may be newer. */
final class Json {
    private static final Logger LOG = LoggerFactory.getLogger(Json.class);

    static final String SCHEMA = "application/json";

    private static final ObjectMapper MAPPER =
            new ObjectMapper()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /**
     * @throws IllegalArgumentException if it cannot be written
     */
    static byte[] write(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Reads payloads as one type. */
    @FunctionalInterface
    interface Reader<T> {
        @Nullable T read(byte[] payload) throws IOException;

        default T readValue(byte[] payload) throws IOException {
            T value = read(payload);
            if (value == null) {
                throw new IOException("it is null");
            }
            return value;
        }
    }

    static <T> Reader<T> reader(Class<T> type) {
        return payload -> MAPPER.readValue(payload, type);
    }

    static <T> Reader<T> reader(TypeReference<T> type) {
        return payload -> MAPPER.readValue(payload, type);
    }

    /**
     * @throws HandlerException with code 101 if it cannot be read
     */
    static <T> T readRequest(Request request, Reader<T> reader) {
        try {
            return reader.readValue(request.payload());
        } catch (IOException e) {
            // Not the parser's words: they may name classes.
            LOG.debug("{} of {} cannot be read", request.command(), request.source(), e);
            throw new HandlerException(
                    ErrorCodes.INVALID_PAYLOAD, "the payload is not the JSON expected");
        }
    }

    /**
     * @throws UnreadablePayloadException if it is not this
     */
    static <T> T readReply(Reply reply, Reader<T> reader) {
        try {
            return reader.readValue(reply.payload());
        } catch (IOException e) {
            throw new UnreadablePayloadException("the answer is not the JSON expected: " + told(e));
        }
    }

    private static String told(IOException failure) {
        return failure instanceof JacksonException json
                ? json.getOriginalMessage()
                : String.valueOf(failure.getMessage());
    }
}
