package dev.rmb.tfchain;

import dev.rmb.tfchain.twin.TwinEvent;
import java.util.List;
import java.util.Set;

/** Hears what happens to twins. Called by the chain's thread, in order; must not block. */
public interface ChainListener {
    /** Twins changed: the last word on each of them, as of the block that is best now. */
    void changed(List<TwinEvent> events);

    /** Blocks were taken back that had changed these twins: nothing is known of them. */
    void retracted(Set<Long> ids);

    /** Blocks were missed: any twin may have changed. */
    void missed();

    /**
     * Whether changes are heard of at present.
     *
     * @param following {@code false} while no node can be used
     */
    void following(boolean following);
}
