package dev.rmb.bench.hostile;

/** One attack under way. Belongs to its event loop's thread, but for {@link #done}. */
interface Attack {
    /** Does so many steps, or as many of them as the relay lets it. */
    void step(int count);

    /** How many steps were done. On any thread. */
    long done();

    /** Ends its connections. */
    void stop();
}
