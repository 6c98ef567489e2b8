package dev.rmb.gateway.links;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A router that holds claims, by its endpoint. Confined to the thread of {@link Links}. */
final class Owner {
    final Set<Integer> partitions = new HashSet<>();
    final Backoff backoff;

    /** The link or the attempt at one; {@code null} between attempts. */
    @Nullable OwnerLink current;

    boolean open;
    long openSince;

    Owner(Backoff backoff) {
        this.backoff = backoff;
    }
}
