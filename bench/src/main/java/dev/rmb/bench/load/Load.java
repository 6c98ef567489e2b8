package dev.rmb.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * What is sent by whom.
 *
 * @param senders how many sessions send
 * @param receivers how many receive
 * @param window messages in flight of each sender, when there is no rate
 * @param rate messages per second of all senders together; {@code null} for a closed loop
 * @param payload bytes of each message's payload
 * @param isAnswered whether each message is a call: its receiver answers it with as much, and it is
 *     over when the answer is back
 */
public record Load(
        int senders,
        int receivers,
        int window,
        @Nullable Double rate,
        int payload,
        boolean isAnswered) {
    private static final int MAX_SESSIONS = 50_000;
    private static final int MAX_PAYLOAD = 15 << 20;
    private static final int USUAL_WINDOW = 64;
    private static final int USUAL_PAYLOAD = 256;

    /**
     * Refuses what cannot be run.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public Load {
        require(senders >= 1 && senders <= MAX_SESSIONS, "--senders: 1 to " + MAX_SESSIONS);
        require(receivers >= 1 && receivers <= MAX_SESSIONS, "--receivers: 1 to " + MAX_SESSIONS);
        require(window >= 1, "--window: at least 1");
        require(rate == null || rate > 0, "--rate: more than 0");
        require(
                payload >= FrameTemplate.MIN_PAYLOAD && payload <= MAX_PAYLOAD,
                "--payload: %d to %d".formatted(FrameTemplate.MIN_PAYLOAD, MAX_PAYLOAD));
    }

    /** A closed loop with 64 messages of 256 bytes in flight from each of the senders. */
    public static Load closed(int senders, int receivers) {
        return new Load(senders, receivers, USUAL_WINDOW, null, USUAL_PAYLOAD, false);
    }

    /** An open loop with messages of 256 bytes. */
    public static Load open(int senders, int receivers, double rate) {
        return new Load(senders, receivers, USUAL_WINDOW, rate, USUAL_PAYLOAD, false);
    }

    /** Calls of 256 bytes there and back, one at a time for each caller. */
    public static Load calls(int callers, int answerers) {
        return new Load(callers, answerers, 1, null, USUAL_PAYLOAD, true);
    }

    /** The same at another rate. */
    public Load at(double perSecond) {
        return new Load(senders, receivers, window, perSecond, payload, isAnswered);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
