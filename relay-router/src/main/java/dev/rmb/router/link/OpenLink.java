package dev.rmb.router.link;

import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.RouterMessage;

/** A link with the number that partitions know it by. Thread-safe. */
public final class OpenLink {
    private final long id;
    private final Link<RouterMessage> link;

    /** Something it said was lost: nothing more of it counts. */
    private volatile boolean overrun;

    OpenLink(long id, Link<RouterMessage> link) {
        this.id = id;
        this.link = link;
    }

    /** One for each link since the process started. */
    public long id() {
        return id;
    }

    /** The pod of the gateway. */
    public String gateway() {
        return link.peer();
    }

    public boolean isWritable() {
        return link.isWritable();
    }

    public void send(RouterMessage message) {
        link.send(message);
    }

    public void close() {
        link.close();
    }

    boolean isOverrun() {
        return overrun;
    }

    void overrun() {
        overrun = true;
    }
}
