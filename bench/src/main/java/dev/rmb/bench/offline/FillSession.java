package dev.rmb.bench.offline;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.bench.load.FrameTemplate;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.net.WebSocketFrames;
import dev.rmb.bench.net.WebSocketSession;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Ping;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends, and asks with the protocol's own ping for the relay's word that it has what came before.
 * Belongs to its event loop's thread, except for what says so.
 */
final class FillSession extends WebSocketSession {
    private static final int PING_EVERY = 128;
    private static final int MAX_TEXTS = 100;

    private final DemoTwin twin;
    private final List<FrameTemplate> targets;
    private final int first;
    private final int limit;
    private final int unconfirmed;
    private final long[] sentTo;
    private final AtomicLong confirmed = new AtomicLong();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Map<String, Long> errors = new TreeMap<>();
    private boolean running;
    private int sent;

    /**
     * A sender for one channel.
     *
     * @param targets all receivers, by what it sends to each
     * @param first the one that it begins with
     * @param limit how many messages it sends
     * @param unconfirmed how many of them may be under way
     */
    FillSession(
            DemoTwin twin,
            URI relay,
            String token,
            TurnFlush turn,
            List<FrameTemplate> targets,
            int first,
            int limit,
            int unconfirmed) {
        super("sender " + twin.id(), relay, token, turn);
        this.twin = twin;
        this.targets = targets;
        this.first = first;
        this.limit = limit;
        this.unconfirmed = unconfirmed;
        this.sentTo = new long[targets.size()];
    }

    void start() {
        running = true;
        pump();
    }

    @Override
    protected void writable() {
        if (running) {
            pump();
        }
    }

    private void pump() {
        while (sent < limit && sent - confirmed.get() < unconfirmed && isWritable()) {
            int target = (first + sent) % targets.size();
            FrameTemplate template = targets.get(target);
            template.write(output(template.frameLength()), sentTo[target]++, System.nanoTime());
            sent++;
            if (sent % PING_EVERY == 0 || sent == limit || sent - confirmed.get() == unconfirmed) {
                ping();
            }
        }
    }

    private void ping() {
        byte[] ping =
                Envelope.newBuilder()
                        .setUid(UUID.randomUUID().toString())
                        .setTimestamp(System.currentTimeMillis() / 1000)
                        .setExpiration(60)
                        .setSource(Address.newBuilder().setTwin((int) twin.id()))
                        .setDestination(Address.getDefaultInstance())
                        .setPing(Ping.getDefaultInstance())
                        .setPlain(
                                ByteString.copyFrom(
                                        ByteBuffer.allocate(Long.BYTES).putLong(sent).flip()))
                        .build()
                        .toByteArray();
        WebSocketFrames.writeMasked(
                output(WebSocketFrames.MAX_HEADER + ping.length),
                WebSocketFrames.BINARY,
                ThreadLocalRandom.current().nextInt(),
                ping);
    }

    @Override
    protected void binary(ByteBuf in, int at, int length) {
        try {
            Envelope envelope = Envelope.parseFrom(in.nioBuffer(at, length));
            if (envelope.hasPong() && envelope.getPlain().size() >= Long.BYTES) {
                confirmed.set(envelope.getPlain().asReadOnlyByteBuffer().getLong());
                if (confirmed.get() == limit) {
                    done.complete(null);
                }
                pump();
            } else {
                count(
                        envelope.hasError()
                                ? envelope.getError().getMessage()
                                : "unexpected " + envelope.getMessageCase());
            }
        } catch (InvalidProtocolBufferException e) {
            count("not an envelope");
        }
    }

    private void count(String text) {
        errors.merge(errors.size() < MAX_TEXTS ? text : "others", 1L, Long::sum);
    }

    /** How many of its messages the relay has answered for. Thread-safe. */
    long confirmed() {
        return confirmed.get();
    }

    /** Completes when that is all of them. Thread-safe. */
    CompletionStage<Void> done() {
        return done;
    }

    /** How many went to each receiver. */
    long[] sentToEach() {
        return sentTo.clone();
    }

    /** What the relay answered instead of accepting, and how often. */
    Map<String, Long> errors() {
        return errors;
    }
}
