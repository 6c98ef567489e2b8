package dev.rmb.peer.resp;

import org.jspecify.annotations.Nullable;

/** What commands know and change of the connection that they came on. On the event loop. */
interface Client {
    long id();

    /** 2 or 3. */
    int version();

    void speak(int version);

    boolean isAuthenticated();

    void authenticated();

    @Nullable String name();

    void name(String name);

    /** Its next command waits until {@link #resume} is called. */
    void blockOn(Waiters.Waiter waiter, long millis);

    /** Answers the command that was waited for. */
    void resume(Reply reply);

    /** Closes the connection after what was answered. */
    void farewell();
}
