package dev.rmb.router.stream;

import dev.rmb.router.link.LinkEvent;
import dev.rmb.router.link.LinkEvents;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What happened outside a task's thread and waits for it. Any thread adds, the task's thread takes.
 * Bounded where senders have no bound of their own: what gateways say.
 */
final class Inbox implements LinkEvents {
    /** Some seconds of acknowledgements; a gateway that says more than fits starts anew. */
    private static final int BOUND = 1 << 16;

    private final MpscUnboundedArrayQueue<Object> events = new MpscUnboundedArrayQueue<>(1024);

    @Override
    public boolean offer(LinkEvent event) {
        if (event instanceof LinkEvent.Said && events.size() >= BOUND) {
            return false;
        }
        events.offer(event);
        return true;
    }

    /** Adds an event of the router's own: there is at most one for each thing it asked for. */
    void add(TaskEvent event) {
        events.offer(event);
    }

    /** A {@link LinkEvent} or {@link TaskEvent}. */
    @Nullable Object poll() {
        return events.poll();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }
}
