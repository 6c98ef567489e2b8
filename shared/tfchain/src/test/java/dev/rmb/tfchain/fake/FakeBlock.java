package dev.rmb.tfchain.fake;

import dev.rmb.tfchain.hash.Hashes;
import dev.rmb.tfchain.scale.ScaleWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A block and the state behind it.
 *
 * @param salt makes blocks of two branches differ
 * @param state values by key, both as in JSON
 * @param runtime of the state: what makes the next block
 */
record FakeBlock(
        long number,
        String parent,
        long salt,
        Map<String, String> state,
        List<String> extrinsics,
        FakeRuntime runtime) {
    private static final String ZEROS = "0x" + "00".repeat(32);

    /** As a real chain has it: the hash of the encoded header. */
    String hash() {
        return hex(
                Hashes.blake2b256(
                        new ScaleWriter()
                                .bytes(bytes(parent))
                                .compact(number)
                                .bytes(bytes(stateRoot()))
                                .bytes(bytes(ZEROS))
                                .compact(0)
                                .toByteArray()));
    }

    String stateRoot() {
        return hex(Hashes.blake2b256(new ScaleWriter().u64(salt).toByteArray()));
    }

    Map<String, Object> header() {
        return Map.of(
                "parentHash",
                parent,
                "number",
                "0x" + Long.toHexString(number),
                "stateRoot",
                stateRoot(),
                "extrinsicsRoot",
                ZEROS,
                "digest",
                Map.of("logs", List.of()));
    }

    static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.substring(2));
    }
}
