package dev.rmb.bench.hostile;

/** What an attacker does over and over. */
public enum AttackKind {
    /** Connects with tokens that are signed with the wrong key. */
    TOKENS(500),
    /** Sends upgrade requests byte by byte, on many connections at once. */
    HANDSHAKES(2_000),
    /** Connects under one name after the other, and leaves. */
    NAMES(100),
    /** Connects, sends half a frame and is gone. */
    HALVES(100),
    /** Sends pings and reads no pong. */
    PINGS(20_000),
    /** Sends large messages that grow by one byte with each frame. */
    FRAGMENTS(20_000),
    /** Sends requests with a wrong source and reads no error. */
    ERRORS(5_000);

    private final int perSecond;

    AttackKind(int perSecond) {
        this.perSecond = perSecond;
    }

    /** How often, unless told otherwise: together what takes a fraction of a processor to send. */
    public int perSecond() {
        return perSecond;
    }
}
