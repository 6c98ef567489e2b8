package dev.rmb.protocol.identity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * BIP-39 mnemonics of the English word list: 12, 15, 18, 21 or 24 words that stand for 16 to 32
 * bytes of entropy and a checksum. Stateless.
 */
public final class Mnemonics {
    private static final int BITS_PER_WORD = 11;
    private static final int MIN_WORDS = 12;
    private static final int MAX_WORDS = 24;
    private static final int WORDS_STEP = 3;

    /** Of every 33 bits 32 are entropy. */
    private static final int BITS_PER_CHECKSUM_BIT = 33;

    private static final int MAX_ENTROPY_BYTES = 32;

    /** Sorted, as BIP-39 has it. */
    private static final List<String> WORDS = readWords();

    private Mnemonics() {}

    /**
     * Makes a new secret of 24 words.
     *
     * @param random where its 32 bytes of entropy come from
     * @return the words, separated by single spaces
     */
    public static String generate(SecureRandom random) {
        var entropy = new byte[MAX_ENTROPY_BYTES];
        random.nextBytes(entropy);
        String words = ofEntropy(entropy);
        Arrays.fill(entropy, (byte) 0);
        return words;
    }

    /**
     * The words that stand for some entropy.
     *
     * @param entropy 16, 20, 24, 28 or 32 bytes
     * @return the words, separated by single spaces
     * @throws IllegalArgumentException if there are more or fewer
     */
    public static String ofEntropy(byte[] entropy) {
        int bits = entropy.length * Byte.SIZE;
        int count = (bits + bits / (BITS_PER_CHECKSUM_BIT - 1)) / BITS_PER_WORD;
        if (entropy.length % 4 != 0 || count < MIN_WORDS || count > MAX_WORDS) {
            throw new IllegalArgumentException("entropy of " + entropy.length + " bytes");
        }
        byte[] checked = Arrays.copyOf(entropy, entropy.length + 1);
        checked[entropy.length] = firstByteOfHash(entropy);
        var words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int index = 0;
            for (int bit = i * BITS_PER_WORD; bit < (i + 1) * BITS_PER_WORD; bit++) {
                index = index << 1 | (checked[bit >> 3] >> (7 - (bit & 7)) & 1);
            }
            words.append(i == 0 ? "" : " ").append(WORDS.get(index));
        }
        Arrays.fill(checked, (byte) 0);
        return words.toString();
    }

    /**
     * The entropy that a mnemonic stands for.
     *
     * @param mnemonic lower-case words of the list, separated by white space
     * @return 16, 20, 24, 28 or 32 bytes
     * @throws InvalidSecretException if it is no mnemonic or its checksum is wrong
     */
    public static byte[] entropy(String mnemonic) {
        String[] words = mnemonic.strip().split("\\s+", -1);
        if (words.length < MIN_WORDS
                || words.length > MAX_WORDS
                || words.length % WORDS_STEP != 0) {
            throw new InvalidSecretException("a mnemonic has 12, 15, 18, 21 or 24 words");
        }
        var checked = new byte[MAX_ENTROPY_BYTES + 1];
        try {
            read(words, checked);
            return checkedEntropy(checked, words.length);
        } finally {
            Arrays.fill(checked, (byte) 0);
        }
    }

    /** Writes the 11 bits of each word one after the other. */
    private static void read(String[] words, byte[] bits) {
        for (int i = 0; i < words.length; i++) {
            int index = Collections.binarySearch(WORDS, words[i]);
            if (index < 0) {
                throw new InvalidSecretException(
                        "word " + (i + 1) + " of the mnemonic is not in the list");
            }
            for (int j = 0; j < BITS_PER_WORD; j++) {
                int bit = i * BITS_PER_WORD + j;
                int value = index >> (BITS_PER_WORD - 1 - j) & 1;
                bits[bit >> 3] |= (byte) (value << (7 - (bit & 7)));
            }
        }
    }

    /** The entropy in front of a checksum, if that is right; wiped if it is not. */
    private static byte[] checkedEntropy(byte[] checked, int words) {
        int checksumBits = words * BITS_PER_WORD / BITS_PER_CHECKSUM_BIT;
        int entropyBytes = checksumBits * (BITS_PER_CHECKSUM_BIT - 1) / Byte.SIZE;
        byte[] entropy = Arrays.copyOf(checked, entropyBytes);
        int wrong = (checked[entropyBytes] ^ firstByteOfHash(entropy)) & 0xFF;
        if (wrong >>> (Byte.SIZE - checksumBits) != 0) {
            Arrays.fill(entropy, (byte) 0);
            throw new InvalidSecretException("the checksum of the mnemonic is wrong");
        }
        return entropy;
    }

    /**
     * Whether text is a mnemonic with a right checksum.
     *
     * @param mnemonic what {@link #entropy} takes
     * @return whether {@link #entropy} takes it
     */
    public static boolean isValid(String mnemonic) {
        try {
            Arrays.fill(entropy(mnemonic), (byte) 0);
            return true;
        } catch (InvalidSecretException e) {
            return false;
        }
    }

    private static byte firstByteOfHash(byte[] entropy) {
        var digest = new SHA256Digest();
        digest.update(entropy, 0, entropy.length);
        var hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash[0];
    }

    private static List<String> readWords() {
        try (InputStream resource =
                        Objects.requireNonNull(
                                Mnemonics.class.getResourceAsStream("bip39-english.txt"));
                var lines =
                        new BufferedReader(
                                new InputStreamReader(resource, StandardCharsets.US_ASCII))) {
            return lines.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
