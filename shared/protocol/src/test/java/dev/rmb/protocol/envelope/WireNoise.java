package dev.rmb.protocol.envelope;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Bytes that look like envelopes to varying degrees, from a seed: known and unknown fields in any
 * order and number, valid and invalid text, varints longer than need be, groups, nesting up to and
 * over the limit, wrong wire types, wrong lengths; and then bytes changed, moved and cut off.
 */
final class WireNoise {
    private static final int[] ENVELOPE_STRINGS = {1, 2, 10, 11, 17};
    private static final int[] ENVELOPE_NUMBERS = {3, 4};
    private static final int[] ENVELOPE_BYTES = {9, 13, 14};
    private static final int[] ENVELOPE_MESSAGES = {5, 5, 6, 6, 7, 7, 8, 12, 12, 15, 16};

    private static final String[] TEXTS = {
        "",
        "a",
        "fail-fast",
        "x,fail-fast y",
        "7b8c3f52-9d1e-4a57-8f0b-2a6c1d9e4f30",
        "日本",
        "\u007f",
        "pässword",
        "\ud83d\ude00 and more",
        "\u07ff\u0800\uffff",
        "\u0000",
        "\u0085fail-fast\u3000"
    };

    /** Starts of characters without an end, ends without a start, overlong forms, surrogates. */
    private static final byte[][] NOT_UTF8 = {
        {(byte) 0x80},
        {(byte) 0xC0, (byte) 0x80},
        {(byte) 0xC1, (byte) 0xBF},
        {(byte) 0xC2},
        {(byte) 0xC2, 'a'},
        {(byte) 0xE0, (byte) 0x9F, (byte) 0xBF},
        {(byte) 0xE1, (byte) 0x80},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xED, (byte) 0xBF, (byte) 0xBF},
        {(byte) 0xF0, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
        {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
        {(byte) 0xFF},
    };

    private final SplittableRandom random;

    WireNoise(SplittableRandom random) {
        this.random = random;
    }

    byte[] next() {
        byte[] bytes = envelope();
        for (int changes = oneIn(2) ? random.nextInt(1, 4) : 0; changes > 0; changes--) {
            bytes = changed(bytes);
        }
        return bytes;
    }

    private byte[] envelope() {
        var out = new ByteArrayOutputStream();
        for (int fields = random.nextInt(12); fields > 0; fields--) {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> text(out, pick(ENVELOPE_STRINGS));
                case 3, 4 -> number(out, pick(ENVELOPE_NUMBERS));
                case 5 -> bytes(out, pick(ENVELOPE_BYTES), random.nextInt(40));
                case 6, 7, 8, 9 -> delimited(out, pick(ENVELOPE_MESSAGES), message());
                default -> unknown(out, 0);
            }
        }
        return out.toByteArray();
    }

    /** Serves as an address, a request and an error alike. */
    private byte[] message() {
        var out = new ByteArrayOutputStream();
        for (int fields = random.nextInt(4); fields > 0; fields--) {
            switch (random.nextInt(6)) {
                case 0, 1 -> number(out, 1);
                case 2 -> text(out, 2);
                case 3 -> text(out, random.nextInt(1, 3));
                case 4 -> number(out, random.nextInt(1, 3));
                default -> unknown(out, 1);
            }
        }
        return out.toByteArray();
    }

    private void unknown(ByteArrayOutputStream out, int depth) {
        int number = oneIn(3) ? random.nextInt(1, 1 << 29) : random.nextInt(1, 20);
        switch (random.nextInt(8)) {
            case 0 -> number(out, number);
            case 1 -> {
                tag(out, number, 1);
                out.writeBytes(randomBytes(8));
            }
            case 2 -> bytes(out, number, random.nextInt(20));
            case 3, 4 -> group(out, number, depth);
            case 5 -> {
                tag(out, number, 5);
                out.writeBytes(randomBytes(4));
            }
            case 6 -> {
                if (oneIn(4)) {
                    tag(out, number, random.nextInt(8));
                }
            }
            default -> deep(out, number);
        }
    }

    private void group(ByteArrayOutputStream out, int number, int depth) {
        tag(out, number, 3);
        for (int fields = depth > 5 ? 0 : random.nextInt(3); fields > 0; fields--) {
            unknown(out, depth + 1);
        }
        if (!oneIn(20)) {
            tag(out, oneIn(20) ? number + 1 : number, 4);
        }
    }

    /** Groups in groups, around the limit of 100 levels. */
    private void deep(ByteArrayOutputStream out, int number) {
        int levels = random.nextInt(97, 103);
        for (int i = 0; i < levels; i++) {
            tag(out, number, 3);
        }
        for (int i = 0; i < levels; i++) {
            tag(out, number, 4);
        }
    }

    private void text(ByteArrayOutputStream out, int number) {
        var text = new ByteArrayOutputStream();
        for (int parts = random.nextInt(3); parts >= 0; parts--) {
            text.writeBytes(TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8));
        }
        if (oneIn(40)) {
            text.writeBytes(NOT_UTF8[random.nextInt(NOT_UTF8.length)]);
        }
        delimited(out, number, text.toByteArray());
    }

    private void bytes(ByteArrayOutputStream out, int number, int length) {
        delimited(out, number, randomBytes(length));
    }

    private void delimited(ByteArrayOutputStream out, int number, byte[] content) {
        tag(out, number, 2);
        long length = content.length;
        if (oneIn(100)) {
            length = random.nextBoolean() ? random.nextLong() : length + random.nextInt(-2, 3);
        } else if (oneIn(30)) {
            length |= random.nextLong() << 32; // upper bits, which parsers drop
        }
        varint(out, length);
        out.writeBytes(content);
    }

    private void number(ByteArrayOutputStream out, int number) {
        tag(out, number, 0);
        varint(out, random.nextLong() >>> random.nextInt(64));
    }

    private void tag(ByteArrayOutputStream out, int number, int wireType) {
        long tag = ((long) number << 3 | wireType) & 0xFFFF_FFFFL;
        varint(out, oneIn(60) ? tag | random.nextLong() << 32 : tag);
    }

    /** Mostly as short as it gets, sometimes with needless continuation, up to eleven bytes. */
    private void varint(ByteArrayOutputStream out, long value) {
        int bytes = 1;
        while (bytes < 10 && value >>> (7 * bytes) != 0) {
            bytes++;
        }
        if (oneIn(30)) {
            bytes = oneIn(10) ? 11 : random.nextInt(bytes, 11);
        }
        for (int i = 0; i < bytes; i++) {
            int low = i * 7 < 64 ? (int) (value >>> (7 * i)) & 0x7F : 0;
            out.write(i == bytes - 1 ? low : low | 0x80);
        }
    }

    private byte[] changed(byte[] bytes) {
        if (bytes.length == 0) {
            return randomBytes(random.nextInt(4));
        }
        int at = random.nextInt(bytes.length);
        int to = random.nextInt(at, Math.min(bytes.length, at + 16) + 1);
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, at, randomBytes(random.nextInt(1, 4)), at);
            case 2 -> joined(bytes, at, new byte[0], to);
            case 3 -> joined(bytes, to, Arrays.copyOfRange(bytes, at, to), to);
            case 4 -> {
                byte[] copy = bytes.clone();
                copy[at] ^= (byte) (1 << random.nextInt(8));
                yield copy;
            }
            default -> {
                byte[] copy = bytes.clone();
                copy[at] = (byte) random.nextInt();
                yield copy;
            }
        };
    }

    private static byte[] joined(byte[] bytes, int head, byte[] middle, int tail) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, head);
        out.writeBytes(middle);
        out.write(bytes, tail, bytes.length - tail);
        return out.toByteArray();
    }

    private byte[] randomBytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private int pick(int[] numbers) {
        return numbers[random.nextInt(numbers.length)];
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }
}
