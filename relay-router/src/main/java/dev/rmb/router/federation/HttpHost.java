package dev.rmb.router.federation;

import dev.rmb.router.federation.HttpPosts.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A destination's addresses, and its connections that nobody uses. For the event loop alone. */
final class HttpHost {
    /** Names are looked up anew; what was known serves until that is done. */
    private static final long FRESH_MS = 60_000;

    final Destination destination;
    final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final List<Consumer<List<InetAddress>>> asking = new ArrayList<>();
    private List<InetAddress> addresses;
    private long foundMs;
    private boolean isAsking;

    /** Which of the addresses is tried next. */
    private int next;

    HttpHost(Destination destination, long nowMs) {
        this.destination = destination;
        this.addresses = destination.literal() == null ? List.of() : List.of(destination.literal());
        this.foundMs = nowMs;
    }

    /** Tells the addresses, at once if they are known. */
    void addresses(Names names, Timer timer, Consumer<List<InetAddress>> found) {
        boolean isOld =
                destination.literal() == null
                        && (addresses.isEmpty() || timer.nowMs() - foundMs >= FRESH_MS);
        if (!addresses.isEmpty()) {
            found.accept(addresses);
        } else {
            asking.add(found);
        }
        if (isOld && !isAsking) {
            isAsking = true;
            names.lookUp(
                    destination.host(), all -> timer.after(0, () -> found(all, timer.nowMs())));
        }
    }

    InetSocketAddress choose(List<InetAddress> among) {
        return new InetSocketAddress(among.get(next % among.size()), destination.port());
    }

    /** The address that was chosen last is no good. */
    void chooseAnother() {
        next = (next + 1) & Integer.MAX_VALUE;
    }

    private void found(List<InetAddress> all, long nowMs) {
        isAsking = false;
        foundMs = nowMs;
        if (!all.isEmpty()) {
            addresses = all;
        }
        List<Consumer<List<InetAddress>>> told = List.copyOf(asking);
        asking.clear();
        told.forEach(one -> one.accept(all));
    }

    boolean isIdle(long nowMs, long idleMs) {
        return idle.isEmpty() && asking.isEmpty() && !isAsking && nowMs - foundMs >= idleMs;
    }
}
