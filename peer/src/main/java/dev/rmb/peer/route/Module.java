package dev.rmb.peer.route;

import dev.rmb.peer.message.OutgoingRequest;
import dev.rmb.proto.Backlog;
import dev.rmb.proto.Envelope;

/**
 * A part of the peer that serves commands itself: those that begin with its name and a dot. Called
 * on virtual threads, one after the other for each twin.
 */
public interface Module {
    /** What its commands begin with. */
    String name();

    /**
     * A local program asks for one of its commands.
     *
     * @return whether it takes care of it; else it goes to other twins like any request
     */
    default boolean local(OutgoingRequest request) throws InterruptedException {
        return false;
    }

    /** Another twin asks for one of its commands. The request is verified. */
    void request(Envelope request) throws InterruptedException;

    /** An answer to a request of its own. */
    default void response(Backlog backlog, Envelope answer) throws InterruptedException {}
}
