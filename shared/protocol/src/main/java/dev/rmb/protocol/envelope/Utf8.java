package dev.rmb.protocol.envelope;

/**
 * UTF-8 read in place. As strict as protobuf's parser: no overlong forms, no surrogates, nothing
 * above U+10FFFF.
 */
final class Utf8 {
    private Utf8() {}

    /**
     * The first of the bytes from {@code from} to {@code end} that is not ASCII, or {@code end}.
     */
    static int firstNonAscii(WireReader bytes, int from, int end) {
        int at = from;
        while (end - at >= Long.BYTES && bytes.isAsciiAt(at)) {
            at += Long.BYTES;
        }
        while (at < end && bytes.byteAt(at) >= 0) {
            at++;
        }
        return at;
    }

    /**
     * Checks the character at {@code at}.
     *
     * @return the index behind it
     * @throws MalformedEnvelopeException if there is no whole, valid character
     */
    static int next(WireReader bytes, int at, int end) {
        int lead = bytes.byteAt(at);
        if (lead >= 0) {
            return at + 1;
        }
        int length = lengthFor(lead);
        if (length == 0 || length > end - at || !isValid(bytes, at, lead, length)) {
            throw new MalformedEnvelopeException("a string is not UTF-8");
        }
        return at + length;
    }

    /** The character at {@code at} in bytes known to be valid. */
    static int codePoint(WireReader bytes, int at) {
        int lead = bytes.byteAt(at);
        return switch (lengthFor(lead)) {
            case 2 -> (lead & 0x1F) << 6 | low(bytes, at + 1);
            case 3 -> (lead & 0x0F) << 12 | low(bytes, at + 1) << 6 | low(bytes, at + 2);
            case 4 ->
                    (lead & 0x07) << 18
                            | low(bytes, at + 1) << 12
                            | low(bytes, at + 2) << 6
                            | low(bytes, at + 3);
            default -> lead;
        };
    }

    /** How many bytes a character has that is not ASCII, by its first; 0 if none begins so. */
    private static int lengthFor(int lead) {
        if (lead >= 0 || lead < (byte) 0xC2 || lead > (byte) 0xF4) {
            return 0;
        }
        if (lead < (byte) 0xE0) {
            return 2;
        }
        return lead < (byte) 0xF0 ? 3 : 4;
    }

    private static boolean isValid(WireReader bytes, int at, int lead, int length) {
        for (int i = 1; i < length; i++) {
            if ((bytes.byteAt(at + i) & 0xC0) != 0x80) {
                return false;
            }
        }
        int second = bytes.byteAt(at + 1) & 0xFF;
        return switch (lead & 0xFF) {
            case 0xE0 -> second >= 0xA0; // shorter forms exist below
            case 0xED -> second < 0xA0; // surrogates above
            case 0xF0 -> second >= 0x90; // shorter forms exist below
            case 0xF4 -> second < 0x90; // above U+10FFFF
            default -> true;
        };
    }

    private static int low(WireReader bytes, int at) {
        return bytes.byteAt(at) & 0x3F;
    }
}
