package dev.rmb.protocol.token;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.Signatures;
import dev.rmb.protocol.identity.Signer;
import dev.rmb.protocol.token.TokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the tokens with which peers connect: JSON web tokens whose header says {@code
 * RS512} and whose signature is the 65-byte one of the twin's key. See docs/specification.md, 7.
 */
public final class Tokens {
    /**
     * The longest token read, in characters: room for the longest session id with every byte
     * escaped, and for claims of somebody else's.
     */
    public static final int MAX_LENGTH = 16 * 1024;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Tokens() {}

    /**
     * Writes and signs a token.
     *
     * @param signer of the twin's account
     * @param twin the twin that will connect, 1 to 2^32 - 1
     * @param connection its session id, at most 1024 bytes of UTF-8; {@code null} for none
     * @param issuedAt seconds since the epoch, 0 or more
     * @param expiresAt seconds since the epoch, 0 or more
     * @return the token, ready to be a query string
     * @throws IllegalArgumentException if there can be no such token
     */
    public static String issue(
            Signer signer, long twin, @Nullable String connection, long issuedAt, long expiresAt) {
        if (issuedAt < 0 || expiresAt < 0) {
            throw new IllegalArgumentException("a time before the epoch");
        }
        Address address = new Address(twin, connection);
        if (connection != null) {
            try {
                Claims.checkConnection(connection);
            } catch (TokenException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        var claims = new Token(address.twin(), connection, issuedAt, expiresAt);
        String signed =
                ENCODER.encodeToString(Claims.writeHeader())
                        + "."
                        + ENCODER.encodeToString(Claims.write(claims));
        byte[] signature = signer.sign(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + ENCODER.encodeToString(signature);
    }

    /**
     * Reads a token without believing it.
     *
     * @param jwt the whole token and nothing else
     * @return what it says, to be verified
     * @throws TokenException if it is no token
     */
    public static UnverifiedToken parse(String jwt) {
        if (jwt.length() > MAX_LENGTH) {
            throw malformed("longer than " + MAX_LENGTH + " characters");
        }
        int first = jwt.indexOf('.');
        int second = jwt.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            throw malformed("not three parts");
        }
        // The signature's part is decoded first: its alphabet has no dot, so there is no fourth.
        byte[] signature = decode(jwt.substring(second + 1));
        if (signature.length != Signatures.LENGTH) {
            throw malformed("its signature is not 65 bytes long");
        }
        Claims.checkHeader(decode(jwt.substring(0, first)));
        Token claims = Claims.read(decode(jwt.substring(first + 1, second)));
        byte[] signed = jwt.substring(0, second).getBytes(StandardCharsets.US_ASCII);
        return new UnverifiedToken(claims, signed, signature);
    }

    /** Decodes base64url with or without padding, refusing bits that encode nothing. */
    private static byte[] decode(String part) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw malformed("a part is not base64url");
        }
        String canonical = ENCODER.encodeToString(bytes);
        if (!part.startsWith(canonical)) {
            throw malformed("a part is not canonical base64url");
        }
        return bytes;
    }

    private static TokenException malformed(String message) {
        return new TokenException(Reason.MALFORMED, "not a token: " + message);
    }
}
