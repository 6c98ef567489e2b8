package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Shape;

/** Something that goes wrong. Afterwards nothing may be lost, out of order or repeated. */
public interface Scenario {
    /** The number for it, and a letter where there are several of that number. */
    String id();

    /** In a few words. */
    String title();

    /** The cluster that it needs. */
    default Shape shape() {
        return Shape.usual();
    }

    /** Twins that send, and twins that receive. */
    default Cast cast() {
        return new Cast(8, 16);
    }

    /**
     * Who takes part.
     *
     * @param senders twins that send
     * @param receivers twins that receive, each from all senders
     */
    record Cast(int senders, int receivers) {}

    /** Whether receivers are connected when messages come, so that some go beside the log. */
    default boolean hasReceivers() {
        return true;
    }

    /**
     * Puts load on the cluster and breaks it. Returns with all processes running, so that what is
     * under way can arrive; whether it did is not the scenario's to prove.
     */
    void run(Stage stage) throws InterruptedException;
}
