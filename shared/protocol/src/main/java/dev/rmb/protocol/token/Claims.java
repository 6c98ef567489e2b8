package dev.rmb.protocol.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.rmb.protocol.token.TokenException.Reason;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The two JSON objects in a token.
 *
 * <p>Strict where two readers could otherwise see two things: no key twice, no bytes that are not
 * UTF-8, no unpaired surrogates, numbers that are integers. Jackson's streaming parser does the
 * reading. It builds nothing, follows nesting without recursion, and its bounds are set here; the
 * bytes are decoded before it sees them, because its own decoding guesses at the encoding and lets
 * some invalid UTF-8 through.
 */
final class Claims {
    /** A token is at most 16 KiB; what is inside needs no limits of its own but on depth. */
    private static final int MAX_DEPTH = 64;

    /** Digits of 2^64, the largest number any known claim has, and some for other claims. */
    private static final int MAX_NUMBER_LENGTH = 64;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(MAX_NUMBER_LENGTH)
                                    .maxNameLength(Tokens.MAX_LENGTH)
                                    .maxStringLength(Tokens.MAX_LENGTH)
                                    .build())
                    .build();

    private static final String ALGORITHM = "RS512";
    private static final String HEADER = "{\"alg\":\"RS512\",\"typ\":\"JWT\"}";

    private static final long MAX_TWIN = 0xFFFF_FFFFL;
    private static final int MAX_CONNECTION_BYTES = 1024;

    private Claims() {}

    static byte[] writeHeader() {
        return HEADER.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] write(Token token) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("exp", token.expiresAt());
            json.writeNumberField("iat", token.issuedAt());
            if (token.connection() != null) {
                json.writeStringField("sid", token.connection());
            }
            json.writeNumberField("sub", token.twin());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Takes any header that names the one algorithm, whatever else it says. */
    static void checkHeader(byte[] utf8) {
        String algorithm = null;
        try (JsonParser json = open(utf8)) {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (name.equals("alg") && value == JsonToken.VALUE_STRING) {
                    algorithm = json.getText();
                }
                json.skipChildren();
            }
            checkEnd(json);
        } catch (IOException e) {
            throw malformed("its header is not JSON");
        }
        if (!ALGORITHM.equals(algorithm)) {
            throw malformed("its header does not name the algorithm RS512");
        }
    }

    static Token read(byte[] utf8) {
        long twin = 0;
        String connection = null;
        long issuedAt = -1;
        long expiresAt = -1;
        try (JsonParser json = open(utf8)) {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "sub" -> twin = number(json, value);
                    case "sid" -> connection = connection(json, value);
                    case "iat" -> issuedAt = number(json, value);
                    case "exp" -> expiresAt = number(json, value);
                    default -> json.skipChildren();
                }
            }
            checkEnd(json);
        } catch (IOException e) {
            throw malformed("its claims are not JSON");
        }
        if (twin < 1 || twin > MAX_TWIN) {
            throw malformed("sub is no twin id");
        }
        if (issuedAt < 0 || expiresAt < 0) {
            throw malformed("iat or exp is missing or negative");
        }
        return new Token(twin, connection, issuedAt, expiresAt);
    }

    private static JsonParser open(byte[] utf8) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw malformed("a part is not UTF-8");
        }
        JsonParser json = JSON.createParser(text);
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw malformed("a part is not a JSON object");
        }
        return json;
    }

    private static void checkEnd(JsonParser json) throws IOException {
        if (json.nextToken() != null) {
            throw malformed("something follows a JSON object");
        }
    }

    /**
     * An unsigned 64-bit number, as existing relays take it. The upper half of these are times that
     * never come, and so is the largest of the lower half, which is what they are read as.
     */
    private static long number(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT) {
            throw malformed("a claim is not an integer");
        }
        if (json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return json.getLongValue();
        }
        BigInteger number = json.getBigIntegerValue();
        if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
            throw malformed("a claim is out of range");
        }
        return Long.MAX_VALUE;
    }

    /** A null is what serializers write for an absent value, and means that. */
    private static @Nullable String connection(JsonParser json, JsonToken value)
            throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        if (value != JsonToken.VALUE_STRING) {
            throw malformed("sid is not a string");
        }
        String connection = json.getText();
        checkConnection(connection);
        return connection;
    }

    /** Refuses a connection's name that is too long or cannot be written in UTF-8. */
    static void checkConnection(String connection) {
        try {
            var encoder = StandardCharsets.UTF_8.newEncoder();
            if (encoder.encode(CharBuffer.wrap(connection)).remaining() > MAX_CONNECTION_BYTES) {
                throw malformed("sid is longer than " + MAX_CONNECTION_BYTES + " bytes");
            }
        } catch (CharacterCodingException e) {
            throw malformed("sid is not Unicode text");
        }
    }

    private static TokenException malformed(String message) {
        return new TokenException(Reason.MALFORMED, message);
    }
}
