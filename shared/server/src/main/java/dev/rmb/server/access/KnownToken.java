package dev.rmb.server.access;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A token as relays know it. In a file of tokens a line: {@code name role hash}.
 *
 * @param name of its owner, for the audit log
 * @param role what it allows
 * @param hash {@code sha256:} and 64 hexadecimal digits, as {@code relay token create} prints it
 */
public record KnownToken(String name, Role role, String hash) {
    private static final String ALGORITHM = "sha256:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
    private static final Pattern HASH = Pattern.compile(ALGORITHM + "[0-9a-f]{64}");
    private static final Pattern GAP = Pattern.compile("\\s+");
    private static final int PARTS = 3;

    public KnownToken {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a token's name has 1 to 64 letters, digits or . _ @ -");
        }
        if (!HASH.matcher(hash).matches()) {
            // Not quoted: it may be the token itself.
            throw new IllegalArgumentException(
                    "a token's hash is sha256: and 64 hexadecimal digits, as relay token create"
                            + " prints it");
        }
    }

    static String written(byte[] sha256) {
        return ALGORITHM + HexFormat.of().formatHex(sha256);
    }

    /**
     * @throws IllegalArgumentException that says what is wrong, without quoting a secret
     */
    static KnownToken ofLine(String line) {
        String[] parts = GAP.split(line.strip(), -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("a line is a name, a role and a hash");
        }
        return new KnownToken(parts[0], Role.parse(parts[1]), parts[2]);
    }

    public String line() {
        return name + " " + role + " " + hash;
    }

    /** In a time that does not depend on where they differ. */
    boolean isOf(byte[] sha256) {
        return MessageDigest.isEqual(
                HexFormat.of().parseHex(hash, ALGORITHM.length(), hash.length()), sha256);
    }

    Visitor visitor() {
        return new Visitor(name, role);
    }
}
