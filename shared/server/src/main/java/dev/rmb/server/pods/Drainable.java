package dev.rmb.server.pods;

/** A pod that can take leave of its clients. Thread-safe; nothing of it blocks. */
public interface Drainable {
    /** The state of one that takes clients. */
    String SERVING = "serving";

    /** Begins to take leave; does nothing twice. */
    void drain();

    /** Takes clients again; {@code false} if it is too late for that. */
    boolean undrain();

    /** {@value #SERVING}, {@code leaving}, {@code draining}, {@code drained}. */
    String state();

    /** How many clients are connected. */
    long sessions();
}
