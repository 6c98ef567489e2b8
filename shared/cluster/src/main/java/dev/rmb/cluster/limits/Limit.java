package dev.rmb.cluster.limits;

/**
 * A limit of this pod. Thread-safe; whoever keeps to it asks each time, which costs no more than
 * reading a field.
 */
public final class Limit {
    private final LimitKind kind;
    private final long configured;
    private volatile long inForce;

    Limit(LimitKind kind, long configured) {
        this.kind = kind;
        this.configured = configured;
        this.inForce = configured;
    }

    public LimitKind kind() {
        return kind;
    }

    /** What this pod's configuration says. */
    public long configured() {
        return configured;
    }

    /** What holds now. */
    public long inForce() {
        return inForce;
    }

    /** Whether there is none now: 0 is no bound. */
    public boolean isNone() {
        return inForce == 0 && kind.zeroIsNone();
    }

    void change(long value) {
        inForce = value;
    }

    void restore() {
        inForce = configured;
    }
}
