package dev.rmb.gateway.socket;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Somebody came in, or tried to: counts for its address, whether it may stay or not, until it is
 * left. One that is turned away costs as well. For one event loop.
 */
public final class Visit {
    private final Remotes remotes;
    private final InetAddress from;
    private final @Nullable Refusal refusal;
    private boolean left;

    Visit(Remotes remotes, InetAddress from, @Nullable Refusal refusal) {
        this.remotes = remotes;
        this.from = from;
        this.refusal = refusal;
    }

    /** Why it may not stay; {@code null}: it may. */
    public @Nullable Refusal refusal() {
        return refusal;
    }

    /** It is over; does nothing twice. */
    public void leave() {
        if (!left) {
            left = true;
            remotes.left(from);
        }
    }
}
