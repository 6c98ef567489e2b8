package dev.rmb.reliability.scenario;

/** Somebody who watches. */
@FunctionalInterface
public interface Progress {
    /** Something happened, in a line. */
    void note(String line);
}
