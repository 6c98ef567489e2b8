package dev.rmb.tfchain.metadata;

import dev.rmb.tfchain.hash.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Something the chain stores: one value, or a map.
 *
 * @param prefix of its pallet
 * @param hashers of the keys of a map; none if it is one value
 * @param key the type of the keys; of no meaning if it is one value
 * @param value the type of the values
 */
public record StorageItem(String prefix, String name, List<Hasher> hashers, int key, int value) {
    /**
     * The whole key of a value.
     *
     * @param keys encoded, one for each hasher
     */
    public byte[] at(byte[]... keys) {
        if (keys.length != hashers.size()) {
            throw new IllegalArgumentException(
                    prefix + "." + name + " takes " + hashers.size() + " keys");
        }
        byte[] whole =
                Bytes.concat(
                        Hashes.twox128(prefix.getBytes(StandardCharsets.UTF_8)),
                        Hashes.twox128(name.getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < keys.length; i++) {
            whole = Bytes.concat(whole, hashers.get(i).apply(keys[i]));
        }
        return whole;
    }
}
