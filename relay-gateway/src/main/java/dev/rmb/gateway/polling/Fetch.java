package dev.rmb.gateway.polling;

import dev.rmb.gateway.session.Ending;

/** A client's request for what comes. For the loop of its session only. */
interface Fetch {
    /**
     * Sends some of what waits, in order.
     *
     * @param waiting not empty
     * @return the number of the last one sent; that before the first if none can be sent now
     */
    long send(Iterable<Held> waiting, String session);

    /** Nothing came in the time that it was to wait. */
    void timedOut(EnvelopeId after);

    /** Its client has gone. */
    void abandoned();

    /** Whether it is answered, so that another one must come for more. */
    boolean isOver();

    /**
     * Nothing has come for a while: lets the client, and what is in between, see a sign of life.
     */
    void signOfLife();

    /** A newer request of this client has come. */
    void replaced();

    /** The session has ended. */
    void ended(Ending why);
}
