package dev.rmb.cluster.limits;

/**
 * A limit that can be changed: its name, and which values it may have.
 *
 * @param name in the configuration, and in {@code rmb.settings}
 * @param zeroIsNone whether 0 says that there is no limit
 * @param least which the configuration takes, too
 */
public record LimitKind(String name, Unit unit, boolean zeroIsNone, long least, long most) {
    /** What a limit counts. */
    public enum Unit {
        /** Messages, sessions, connections … */
        COUNT,
        BYTES
    }

    public LimitKind {
        if (least < 0 || most < least) {
            throw new IllegalArgumentException(name + " has no values");
        }
    }

    /** Of so many of something; 0: any number. */
    public static LimitKind count(String name) {
        return new LimitKind(name, Unit.COUNT, true, 0, Integer.MAX_VALUE);
    }

    /** Of so many of something, and there always is a limit. */
    public static LimitKind countFrom(long least, String name) {
        return new LimitKind(name, Unit.COUNT, false, least, Integer.MAX_VALUE);
    }

    /** Of so many bytes; 0: any number. */
    public static LimitKind bytes(String name) {
        return new LimitKind(name, Unit.BYTES, true, 0, Long.MAX_VALUE);
    }

    /** Of so many bytes, and there always is a limit. */
    public static LimitKind bytesFrom(long least, String name) {
        return new LimitKind(name, Unit.BYTES, false, least, Long.MAX_VALUE);
    }

    public boolean allows(long value) {
        return value >= least && value <= most;
    }
}
