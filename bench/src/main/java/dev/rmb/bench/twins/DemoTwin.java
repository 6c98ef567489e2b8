package dev.rmb.bench.twins;

import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Signer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A twin with a key that anybody can derive from its id, so that every run finds the twins of the
 * one before. Good for measuring and for nothing else.
 *
 * @param id the twin
 * @param signer signs for it, ed25519
 */
public record DemoTwin(long id, Signer signer) {
    /** The first id used unless told otherwise: out of the way of ids that people choose. */
    public static final long FIRST_ID = 900_001;

    /** The demo twin with this id. */
    public static DemoTwin of(long id) {
        byte[] name = ("rmb bench twin " + id).getBytes(StandardCharsets.UTF_8);
        String seed = "0x" + HexFormat.of().formatHex(sha256(name));
        return new DemoTwin(id, KeyPair.of(KeyType.ED25519, seed));
    }

    /**
     * Several of them with ids in a row.
     *
     * @param firstId id of the first
     * @param count how many
     */
    public static List<DemoTwin> several(long firstId, int count) {
        return LongStream.range(firstId, firstId + count).mapToObj(DemoTwin::of).toList();
    }

    private static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
