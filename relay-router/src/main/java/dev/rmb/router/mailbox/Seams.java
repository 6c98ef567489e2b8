package dev.rmb.router.mailbox;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How offsets of the log become places. A place is what everything but the log itself knows a
 * message by: keys, the watermark, what gateways and their filters are told. While the log is
 * whole, they are the same numbers. A log that lost its end, or that was made anew, gives offsets a
 * second time; places are never given twice: behind such a seam they go on far above.
 */
public final class Seams {
    /** What was given out and not committed is less than this. */
    public static final long GAP = 1L << 32;

    private static final byte VERSION = 1;
    private static final int HEAD = 1 + 2 * Long.BYTES;
    private static final UUID UNKNOWN = new UUID(0, 0);

    private final UUID topic;
    private final List<Seam> seams;

    /** From {@code offset} on the log's records have places from {@code place} on. */
    private record Seam(long offset, long place) {}

    private Seams(UUID topic, List<Seam> seams) {
        this.topic = topic;
        this.seams = seams;
    }

    /** Of a log that was always whole. */
    public static Seams none() {
        return new Seams(UNKNOWN, List.of(new Seam(0, 0)));
    }

    /** Kafka's id of the topic that this is about; {@code null} if it was never noted. */
    public @Nullable UUID topic() {
        return topic.equals(UNKNOWN) ? null : topic;
    }

    /** The same, of a topic with this id. */
    public Seams of(UUID id) {
        return new Seams(id, seams);
    }

    /**
     * The log was cut: its records from {@code offset} on are others than before.
     *
     * @param place at or above all that was ever given
     */
    public Seams cut(long offset, long place) {
        List<Seam> kept = new ArrayList<>(seams);
        kept.removeIf(seam -> seam.offset() >= offset);
        kept.add(new Seam(offset, place));
        return new Seams(topic, List.copyOf(kept));
    }

    /** Another topic took the log's name; nothing of the log is left. */
    public Seams madeAnew(UUID id, long place) {
        return new Seams(id, List.of(new Seam(0, place)));
    }

    /** The place of the record at {@code offset}. */
    public long place(long offset) {
        Seam seam = seams.get(0);
        for (Seam next : seams) {
            if (next.offset() <= offset) {
                seam = next;
            }
        }
        return seam.place() + (offset - seam.offset());
    }

    /** Where the log has to be read on, so that nothing at or above {@code place} is passed by. */
    public long offset(long place) {
        long offset = seams.get(0).offset();
        for (int i = 0; i < seams.size(); i++) {
            Seam seam = seams.get(i);
            if (seam.place() <= place) {
                offset = seam.offset() + (place - seam.place());
                if (i + 1 < seams.size()) {
                    // What the log lost lies between.
                    offset = Math.min(offset, seams.get(i + 1).offset());
                }
            }
        }
        return offset;
    }

    /** The place behind the last seam: everything before it was read by somebody. */
    public long lastPlace() {
        return seams.get(seams.size() - 1).place();
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(HEAD + seams.size() * 2 * Long.BYTES);
        out.put(VERSION)
                .putLong(topic.getMostSignificantBits())
                .putLong(topic.getLeastSignificantBits());
        seams.forEach(seam -> out.putLong(seam.offset()).putLong(seam.place()));
        return out.array();
    }

    static Seams decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != VERSION) {
            throw new IllegalStateException(
                    "seams of an unknown version: downgrades are not possible");
        }
        UUID topic = new UUID(in.getLong(), in.getLong());
        List<Seam> seams = new ArrayList<>();
        while (in.hasRemaining()) {
            seams.add(new Seam(in.getLong(), in.getLong()));
        }
        return new Seams(topic, List.copyOf(seams));
    }
}
