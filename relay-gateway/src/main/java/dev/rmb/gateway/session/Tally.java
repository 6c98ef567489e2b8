package dev.rmb.gateway.session;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread keeps, at the price of a field, and anybody may look at. */
final class Tally {
    private final AtomicLong value = new AtomicLong();

    /** For the owner. */
    void add(long more) {
        value.setOpaque(value.getPlain() + more);
    }

    /** As it is for the owner, and was a moment ago for others. */
    long get() {
        return value.getOpaque();
    }
}
