package dev.rmb.protocol.identity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * A Substrate secret URI taken apart: {@code phrase//hard/soft///password}, where the phrase is a
 * mnemonic, a seed in hex, or absent and then Substrate's well-known development phrase.
 */
final class SecretUri {
    private static final String DEVELOPMENT_PHRASE =
            "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
    private static final String PASSWORD_SEPARATOR = "///";
    private static final String HEX_PREFIX = "0x";
    private static final int MINI_SECRET_BYTES = 32;

    /** Far longer than any mnemonic with a path; bounds the work that pasted nonsense makes. */
    private static final int MAX_LENGTH = 8192;

    private static final String SALT_PREFIX = "mnemonic";
    private static final int ITERATIONS = 2048;

    private final String phrase;
    private final List<Junction> path;
    private final String password;

    private SecretUri(String phrase, List<Junction> path, String password) {
        this.phrase = phrase;
        this.path = path;
        this.password = password;
    }

    static SecretUri parse(String secret) {
        if (secret.isBlank() || secret.length() > MAX_LENGTH) {
            throw new InvalidSecretException("a secret is empty or too long");
        }
        // In UTF-8 half a character becomes '?': other secrets would make the same key.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(secret)) {
            throw new InvalidSecretException("a secret is not Unicode text");
        }
        String uri = withoutLineEnd(secret);
        int passwordAt = uri.indexOf(PASSWORD_SEPARATOR);
        String beforePassword = passwordAt < 0 ? uri : uri.substring(0, passwordAt);
        String password =
                passwordAt < 0 ? "" : uri.substring(passwordAt + PASSWORD_SEPARATOR.length());
        int pathAt = beforePassword.indexOf('/');
        String phrase = pathAt < 0 ? beforePassword : beforePassword.substring(0, pathAt);
        String path = pathAt < 0 ? "" : beforePassword.substring(pathAt);
        return new SecretUri(
                phrase.isBlank() ? DEVELOPMENT_PHRASE : phrase.strip(), parsePath(path), password);
    }

    /** Blanks at the end belong to a password or a step; the end of a file's line does not. */
    private static String withoutLineEnd(String secret) {
        int end = secret.length();
        while (secret.charAt(end - 1) == '\n' || secret.charAt(end - 1) == '\r') {
            end--;
        }
        return secret.substring(0, end);
    }

    private static List<Junction> parsePath(String path) {
        var junctions = new ArrayList<Junction>();
        int at = 0;
        while (at < path.length()) {
            boolean hard = path.startsWith("//", at);
            int from = at + (hard ? 2 : 1);
            int next = path.indexOf('/', from);
            int end = next < 0 ? path.length() : next;
            if (from == end) {
                throw new InvalidSecretException("a step of the derivation path has no name");
            }
            junctions.add(Junction.of(hard, path.substring(from, end)));
            at = end;
        }
        return List.copyOf(junctions);
    }

    List<Junction> path() {
        return path;
    }

    /**
     * The 32 bytes from which all keys are made; the caller wipes them. A hex seed is taken as it
     * is. A mnemonic goes through Substrate's variant of BIP-39, which stretches the entropy and
     * not the words.
     */
    byte[] miniSecret() {
        return phrase.startsWith(HEX_PREFIX) ? hexSeed() : stretchedEntropy();
    }

    private byte[] hexSeed() {
        String digits = phrase.substring(HEX_PREFIX.length());
        if (digits.length() != 2 * MINI_SECRET_BYTES) {
            throw new InvalidSecretException("a hex seed has 0x and 64 digits");
        }
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            // The exception at hand quotes the seed.
            throw new InvalidSecretException("a hex seed has 0x and 64 digits");
        }
    }

    private byte[] stretchedEntropy() {
        byte[] entropy = Mnemonics.entropy(phrase);
        byte[] salt = (SALT_PREFIX + password).getBytes(StandardCharsets.UTF_8);
        PBEParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA512Digest());
        generator.init(entropy, salt, ITERATIONS);
        // The first block of the output; the other half of the usual 64 bytes is not used.
        byte[] stretched =
                ((KeyParameter)
                                generator.generateDerivedMacParameters(
                                        MINI_SECRET_BYTES * Byte.SIZE))
                        .getKey();
        Arrays.fill(entropy, (byte) 0);
        Arrays.fill(salt, (byte) 0);
        return stretched;
    }
}
