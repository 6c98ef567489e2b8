package dev.rmb.protocol.sr25519;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The part of STROBE-128 (version 1.0.2) that Merlin transcripts use: a sponge over Keccak-f[1600]
 * into which framed operations are fed one after the other.
 */
final class Strobe {
    private static final int RATE = 166;
    private static final int STATE_BYTES = Keccak.STATE_LANES * Long.BYTES;

    private static final int FLAG_INBOUND = 1;
    private static final int FLAG_APPLICATION = 1 << 1;
    private static final int FLAG_CIPHER = 1 << 2;
    private static final int FLAG_META = 1 << 4;
    private static final int FLAG_KEY = 1 << 5;

    private static final int ASSOCIATED_DATA = FLAG_APPLICATION;
    private static final int META_ASSOCIATED_DATA = FLAG_META | FLAG_APPLICATION;
    private static final int PSEUDORANDOM = FLAG_INBOUND | FLAG_APPLICATION | FLAG_CIPHER;
    private static final int KEY = FLAG_APPLICATION | FLAG_CIPHER;

    private static final VarHandle LANES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] state;
    private final long[] lanes = new long[Keccak.STATE_LANES];
    private int position;
    private int begin;

    /** Starts a protocol with this name, which is ASCII. */
    Strobe(String protocol) {
        state = new byte[STATE_BYTES];
        byte[] initial = {1, (byte) (RATE + 2), 1, 0, 1, 96};
        System.arraycopy(initial, 0, state, 0, initial.length);
        byte[] version = "STROBEv1.0.2".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(version, 0, state, initial.length, version.length);
        permute();
        metaAd(protocol.getBytes(StandardCharsets.US_ASCII));
    }

    /** A copy that goes its own way from here. */
    Strobe(Strobe other) {
        state = other.state.clone();
        position = other.position;
        begin = other.begin;
    }

    /** Adds framing data and leaves the operation open for {@link #moreMetaAd}. */
    void metaAd(byte[] data) {
        beginOperation(META_ASSOCIATED_DATA);
        absorb(data, data.length);
    }

    void moreMetaAd(byte[] data) {
        absorb(data, data.length);
    }

    void ad(byte[] data) {
        beginOperation(ASSOCIATED_DATA);
        absorb(data, data.length);
    }

    /** Fills {@code output} with bytes that depend on everything so far. */
    void prf(byte[] output) {
        beginOperation(PSEUDORANDOM);
        for (int i = 0; i < output.length; i++) {
            output[i] = state[position];
            state[position] = 0;
            advance();
        }
    }

    /** Replaces a part of the state by a key. */
    void key(byte[] data) {
        beginOperation(KEY);
        for (byte b : data) {
            state[position] = b;
            advance();
        }
    }

    void wipe() {
        Arrays.fill(state, (byte) 0);
        Arrays.fill(lanes, 0);
    }

    private void beginOperation(int flags) {
        int previous = begin;
        begin = position + 1;
        absorb((byte) previous);
        absorb((byte) flags);
        if ((flags & (FLAG_CIPHER | FLAG_KEY)) != 0 && position != 0) {
            endBlock();
        }
    }

    private void absorb(byte[] data, int length) {
        int from = 0;
        while (from < length) {
            int count = Math.min(length - from, RATE - position);
            for (int i = 0; i < count; i++) {
                state[position + i] ^= data[from + i];
            }
            from += count;
            position += count;
            if (position == RATE) {
                endBlock();
            }
        }
    }

    private void absorb(byte b) {
        state[position] ^= b;
        advance();
    }

    private void advance() {
        if (++position == RATE) {
            endBlock();
        }
    }

    private void endBlock() {
        state[position] ^= (byte) begin;
        state[position + 1] ^= 0x04;
        state[RATE + 1] ^= (byte) 0x80;
        permute();
        position = 0;
        begin = 0;
    }

    private void permute() {
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = (long) LANES.get(state, i * Long.BYTES);
        }
        Keccak.permute(lanes);
        for (int i = 0; i < lanes.length; i++) {
            LANES.set(state, i * Long.BYTES, lanes[i]);
        }
    }
}
