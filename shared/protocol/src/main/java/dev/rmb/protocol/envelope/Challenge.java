package dev.rmb.protocol.envelope;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a peer signs of an envelope: the MD5 digest of its parts in a fixed order. See
 * docs/specification.md, 4. The parts go into the digest one by one; they are never joined.
 */
public final class Challenge {
    /** Length of a challenge in bytes. */
    public static final int LENGTH = 16;

    /** As many as 2^64 - 1 has. */
    private static final int MAX_DIGITS = 20;

    private final MessageDigest digest;
    private final OutputStream sink;
    private final byte[] digits = new byte[MAX_DIGITS];

    private Challenge() {
        try {
            // MD5 is what the protocol says; every Java platform has it.
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        sink = new DigestSink(digest);
    }

    /**
     * The challenge of an envelope. A missing source or destination counts as twin 0, as in the
     * reference implementation; the signature and unknown fields do not count.
     *
     * @param envelope signed or not
     * @return 16 bytes
     */
    public static byte[] of(Envelope envelope) {
        var challenge = new Challenge();
        try {
            challenge.addAll(envelope);
        } catch (IOException e) {
            throw new UncheckedIOException("a digest does not fail", e);
        }
        return challenge.digest.digest();
    }

    private void addAll(Envelope envelope) throws IOException {
        add(envelope.getUidBytes());
        if (envelope.hasTags()) {
            add(envelope.getTagsBytes());
        }
        addDecimal(envelope.getTimestamp());
        addDecimal(envelope.getExpiration());
        add(envelope.getSource());
        add(envelope.getDestination());
        switch (envelope.getMessageCase()) {
            case REQUEST -> add(envelope.getRequest().getCommandBytes());
            case ERROR -> {
                addDecimal(Integer.toUnsignedLong(envelope.getError().getCode()));
                add(envelope.getError().getMessageBytes());
            }
            case RESPONSE, PING, PONG, MESSAGE_NOT_SET -> {}
        }
        if (envelope.hasSchema()) {
            add(envelope.getSchemaBytes());
        }
        if (envelope.hasFederation()) {
            add(envelope.getFederationBytes());
        }
        switch (envelope.getPayloadCase()) {
            case PLAIN -> add(envelope.getPlain());
            case CIPHER -> add(envelope.getCipher());
            case PAYLOAD_NOT_SET -> {}
        }
        for (int i = 0; i < envelope.getRelaysCount(); i++) {
            add(envelope.getRelaysBytes(i));
        }
    }

    private void add(Address address) throws IOException {
        addDecimal(Integer.toUnsignedLong(address.getTwin()));
        if (address.hasConnection()) {
            add(address.getConnectionBytes());
        }
    }

    /** Adds an unsigned 64-bit number, digit by digit from the last. */
    private void addDecimal(long number) {
        int at = digits.length;
        long rest = number;
        do {
            long quotient = Long.divideUnsigned(rest, 10);
            digits[--at] = (byte) ('0' + (rest - quotient * 10));
            rest = quotient;
        } while (rest != 0);
        digest.update(digits, at, digits.length - at);
    }

    private void add(ByteString bytes) throws IOException {
        bytes.writeTo(sink);
    }

    /** Hands bytes on to a digest, without the copy that a read-only buffer would cost. */
    private static final class DigestSink extends OutputStream {
        private final MessageDigest digest;

        DigestSink(MessageDigest digest) {
            this.digest = digest;
        }

        @Override
        public void write(int b) {
            digest.update((byte) b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }
    }
}
