package dev.rmb.cluster.settings;

import dev.rmb.cluster.UnknownRecordException;
import java.util.Collection;

/**
 * One kind of settings. All methods are called on one thread, and must not block.
 *
 * @param <V> what a setting of this kind is
 */
public interface SettingsKind<V> {
    /**
     * Reads a setting.
     *
     * @param name without what all names of this kind begin with
     * @throws UnknownRecordException if this version cannot read it: it counts as taken back
     */
    V decoded(String name, byte[] value);

    /** It holds from now on, whatever held before. */
    void put(V setting);

    /**
     * It was taken back.
     *
     * @throws UnknownRecordException if this version knows no such name
     */
    void remove(String name);

    /** From now on there are these and no others: the topic was made anew. */
    void replaceAll(Collection<V> settings);
}
