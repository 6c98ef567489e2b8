package dev.rmb.gateway.polling;

import org.jspecify.annotations.Nullable;

/**
 * Which envelope of which session a client means. In text the session's name, a dot, and the
 * number: without the name, a number of an earlier session would confirm what was never received.
 *
 * @param session in hexadecimal
 * @param number 1, 2, 3 … in the order of sending; 0: none yet
 */
record EnvelopeId(String session, long number) {
    private static final int MAX_LENGTH = 64;

    /** {@code null} if the text is none. */
    static @Nullable EnvelopeId parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0 || text.length() > MAX_LENGTH) {
            return null;
        }
        try {
            long number = Long.parseLong(text, dot + 1, text.length(), 10);
            return number < 0 ? null : new EnvelopeId(text.substring(0, dot), number);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return session + "." + number;
    }
}
