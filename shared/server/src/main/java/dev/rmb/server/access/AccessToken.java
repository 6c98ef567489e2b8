package dev.rmb.server.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A bearer token: {@code rmb_} and 256 random bits. Relays keep no more of it than its SHA-256.
 *
 * <p>Slow hashes make up for secrets that can be guessed. Nobody tries 2^256 values, whatever one
 * costs; but each request of a dashboard pays for the hash, and each of somebody who floods the
 * port. Therefore relays make the tokens, and take no others.
 */
public final class AccessToken {
    private static final String PREFIX = "rmb_";
    private static final int BYTES = 32;
    private static final Pattern SHAPE = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

    private final String text;

    private AccessToken(String text) {
        this.text = text;
    }

    /** A new one. */
    public static AccessToken random(SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new AccessToken(
                PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Whether a text could be one: what is not costs no hash. */
    static boolean hasShape(String text) {
        return SHAPE.matcher(text).matches();
    }

    static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What relays are told of it. */
    public KnownToken known(String name, Role role) {
        return new KnownToken(name, role, KnownToken.written(sha256(text)));
    }

    /** The secret itself, for its owner. */
    public String secret() {
        return text;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
