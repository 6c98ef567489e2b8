package dev.rmb.gateway.hostile;

import static org.awaitility.Awaitility.await;

import dev.rmb.gateway.Peer;
import dev.rmb.gateway.TestTwin;
import dev.rmb.gateway.conformance.RelayUnderTest;
import dev.rmb.proto.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two clients that do everything right: one asks, the other answers, again and again. Each waits
 * for exactly what must come next, so that whatever is lost, repeated or mixed up stops them.
 */
final class GoodPair implements AutoCloseable {
    private static final int PAUSE_MS = 2;
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final TestTwin asking;
    private final TestTwin answering;
    private final String name;
    private final Peer asker;
    private final Peer answerer;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("good-pair").daemon().factory());
    private volatile long rounds;
    private volatile @Nullable Throwable failure;

    private GoodPair(RelayUnderTest relay, String name) throws IOException {
        this.asking = relay.alice;
        this.answering = relay.bob;
        this.name = name;
        this.asker = Peer.connect(relay.http(), asking.token(name));
        this.answerer = Peer.connect(relay.http(), answering.token(name));
    }

    static GoodPair start(RelayUnderTest relay) throws IOException {
        var pair = new GoodPair(relay, "good-" + System.nanoTime());
        var _ = pair.thread.scheduleWithFixedDelay(pair::round, 0, PAUSE_MS, TimeUnit.MILLISECONDS);
        return pair;
    }

    private void round() {
        if (failure != null) {
            return;
        }
        try {
            String uid = "round " + rounds;
            exchange(asker, answerer, asking.request(answering, uid), asking, answering);
            exchange(answerer, asker, answering.response(asking, uid), answering, asking);
            // Only this thread writes.
            long next = rounds + 1;
            rounds = next;
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    private void exchange(Peer from, Peer to, Envelope plain, TestTwin sender, TestTwin receiver)
            throws IOException {
        Envelope sent =
                plain.toBuilder()
                        .setSource(sender.address(name))
                        .setDestination(receiver.address(name))
                        .build();
        from.send(sent);
        Envelope got = to.nextEnvelope();
        if (!got.equals(sent)) {
            throw new IOException("not what was sent: " + got);
        }
    }

    /** Fails unless they go on, and nothing went wrong until now. */
    void expectProgress() {
        long from = rounds;
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> failure != null || rounds >= from + ROUNDS);
        if (failure != null) {
            throw new AssertionError("after " + rounds + " rounds", failure);
        }
    }

    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        asker.close();
        answerer.close();
    }
}
