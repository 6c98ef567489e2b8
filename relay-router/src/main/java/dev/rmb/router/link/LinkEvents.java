package dev.rmb.router.link;

/** Takes what a partition's owner should hear. Thread-safe; must not block. */
public interface LinkEvents {
    /**
     * Returns {@code false} if there is no room: the link is then ended, so that its gateway says
     * everything anew. {@link LinkEvent.Ended} is always taken.
     */
    boolean offer(LinkEvent event);
}
