package dev.rmb.bench.load;

import dev.rmb.bench.net.Dialer;
import dev.rmb.bench.net.Transport;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.protocol.token.Tokens;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All sessions of a run and the event loops they are on. Its methods are called by the thread that
 * runs the load; what it asks of sessions happens on their loops.
 */
final class Fleet implements AutoCloseable {
    /** A sender speaks to this many receivers at most, as each pair needs a frame in memory. */
    static final int MAX_TARGETS = 64;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOP_TIMEOUT = Duration.ofSeconds(30);
    private static final int CONNECTING_AT_ONCE = 64;
    private static final long TOKEN_SECONDS = 300;

    private final LoadSettings settings;
    private final Load load;
    private final InstantSource clock;
    private final Transport transport = Transport.best();
    private final Dialer dialer = new Dialer(transport, CONNECT_TIMEOUT);
    private final MultiThreadIoEventLoopGroup group;
    private final List<LoadLoop> loops = new ArrayList<>();
    private final List<SenderSession> senders = new ArrayList<>();
    private final List<ReceiverSession> receivers = new ArrayList<>();
    private final CompletableFuture<String> broken = new CompletableFuture<>();
    private int envelopeLength;

    Fleet(LoadSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.load = settings.load();
        this.group = transport.loops(settings.loops(), "bench-load");
        for (int i = 0; i < settings.loops(); i++) {
            loops.add(new LoadLoop(group.next()));
        }
    }

    /**
     * Connects all sessions, the receivers first.
     *
     * @param twins the receivers', then the senders'
     */
    void connect(List<DemoTwin> twins) throws InterruptedException {
        long run = new SplittableRandom().nextLong();
        List<DemoTwin> to = twins.subList(0, load.receivers());
        List<DemoTwin> from = twins.subList(load.receivers(), twins.size());
        for (int i = 0; i < to.size(); i++) {
            receivers.add(
                    new ReceiverSession(
                            i,
                            relay(i),
                            token(to.get(i)),
                            loop(i),
                            run,
                            load.payload(),
                            senders,
                            from.size()));
        }
        for (int i = 0; i < from.size(); i++) {
            List<FrameTemplate> targets = targets(run, i, from.get(i), to);
            SenderSession sender =
                    new SenderSession(
                            i,
                            relay(i),
                            token(from.get(i)),
                            loop(i),
                            run,
                            load.payload(),
                            targets,
                            to.size());
            senders.add(sender);
            sender.loop().add(sender);
            envelopeLength = targets.get(0).envelopeLength();
        }
        connectAll(receivers);
        connectAll(senders);
    }

    private URI relay(int session) {
        return settings.relays().get(session % settings.relays().size());
    }

    private LoadLoop loop(int session) {
        return loops.get(session % loops.size());
    }

    private String token(DemoTwin twin) {
        long now = clock.instant().getEpochSecond();
        return Tokens.issue(twin.signer(), twin.id(), null, now, now + TOKEN_SECONDS);
    }

    private List<FrameTemplate> targets(long run, int sender, DemoTwin from, List<DemoTwin> to) {
        List<FrameTemplate> targets = new ArrayList<>();
        for (int i = 0; i < targetCount(); i++) {
            int receiver = receiverOf(sender, i);
            targets.add(frame(FrameTemplate.Kind.REQUEST, run, sender, from, receiver, to));
            if (load.isAnswered()) {
                receivers
                        .get(receiver)
                        .answer(
                                sender,
                                frame(
                                        FrameTemplate.Kind.RESPONSE,
                                        run,
                                        sender,
                                        from,
                                        receiver,
                                        to));
            }
        }
        return targets;
    }

    private FrameTemplate frame(
            FrameTemplate.Kind kind,
            long run,
            int sender,
            DemoTwin from,
            int receiver,
            List<DemoTwin> to) {
        return FrameTemplate.of(
                kind, run, sender, from, receiver, to.get(receiver), load.payload(), clock);
    }

    private int targetCount() {
        return Math.min(MAX_TARGETS, load.receivers());
    }

    private int receiverOf(int sender, int target) {
        return (sender + target) % load.receivers();
    }

    private void connectAll(List<? extends Session> sessions) throws InterruptedException {
        for (int i = 0; i < sessions.size(); i += CONNECTING_AT_ONCE) {
            int end = Math.min(i + CONNECTING_AT_ONCE, sessions.size());
            CompletableFuture<?>[] opening =
                    sessions.subList(i, end).stream()
                            .map(this::connect)
                            .toArray(CompletableFuture<?>[]::new);
            await(CompletableFuture.allOf(opening), CONNECT_TIMEOUT, "connecting");
        }
    }

    private CompletableFuture<Void> connect(Session session) {
        CompletableFuture<Void> opened =
                dialer.dial(session, session.loop().eventLoop()).toCompletableFuture();
        session.ended().thenAccept(broken::complete);
        return opened;
    }

    /** Lets all senders send. */
    void start(Pace pace) throws InterruptedException {
        for (LoadLoop loop : loops) {
            onLoop(loop, () -> loop.start(pace));
        }
    }

    /** Stops all senders. */
    void stop() throws InterruptedException {
        for (LoadLoop loop : loops) {
            onLoop(loop, loop::stop);
        }
    }

    /** Completes with the reason when a session ends. */
    CompletableFuture<String> broken() {
        return broken;
    }

    List<LoadLoop> loops() {
        return loops;
    }

    int envelopeLength() {
        return envelopeLength;
    }

    /** What became of the messages until now. */
    LoadReport.Delivery delivery() throws InterruptedException {
        // Each loop's sessions are read on that loop, one loop after the other.
        long[][] sent = new long[senders.size()][];
        var tally = new Tally();
        for (LoadLoop loop : loops) {
            onLoop(loop, () -> countSent(loop, sent, tally.errors));
        }
        for (LoadLoop loop : loops) {
            onLoop(loop, () -> countReceived(loop, sent, tally));
        }
        return tally.delivery();
    }

    private void countSent(LoadLoop loop, long[][] sent, Map<String, Long> errors) {
        for (SenderSession sender : senders) {
            if (sender.loop() == loop) {
                sent[sender.index()] = sender.sentToEach();
                sender.errors().forEach((text, count) -> errors.merge(text, count, Long::sum));
            }
        }
    }

    private void countReceived(LoadLoop loop, long[][] sent, Tally tally) {
        for (int sender = 0; sender < sent.length; sender++) {
            for (int target = 0; target < sent[sender].length; target++) {
                ReceiverSession receiver = receivers.get(receiverOf(sender, target));
                if (load.isAnswered()) {
                    // A call that arrived and was not answered is lost all the same.
                    if (senders.get(sender).loop() == loop) {
                        SequenceCheck answers =
                                senders.get(sender).check(receiverOf(sender, target));
                        tally.add(answers, sent[sender][target]);
                    }
                    if (receiver.loop() == loop) {
                        tally.addDisorder(receiver.check(sender));
                    }
                } else if (receiver.loop() == loop) {
                    tally.add(receiver.check(sender), sent[sender][target]);
                }
            }
        }
        for (ReceiverSession receiver : receivers) {
            if (receiver.loop() == loop) {
                tally.foreign += receiver.foreign();
            }
        }
    }

    private static final class Tally {
        private final Map<String, Long> errors = new TreeMap<>();
        private long sent;
        private long received;
        private long lost;
        private long duplicated;
        private long reordered;
        private long foreign;

        void add(SequenceCheck check, long sentToIt) {
            sent += sentToIt;
            received += check.received();
            lost += check.lost(sentToIt);
            addDisorder(check);
        }

        void addDisorder(SequenceCheck check) {
            duplicated += check.duplicated();
            reordered += check.reordered();
        }

        LoadReport.Delivery delivery() {
            return new LoadReport.Delivery(
                    sent, received, lost, duplicated, reordered, foreign, errors);
        }
    }

    private static void onLoop(LoadLoop loop, Runnable task) throws InterruptedException {
        await(CompletableFuture.runAsync(task, loop.eventLoop()), LOOP_TIMEOUT, "the event loop");
    }

    private static void await(CompletableFuture<?> future, Duration timeout, String what)
            throws InterruptedException {
        try {
            future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LoadException known) {
                throw known;
            }
            if (e.getCause() instanceof ConnectException refused) {
                throw new LoadException(String.valueOf(refused.getMessage()));
            }
            throw new IllegalStateException(what + " failed", e.getCause());
        } catch (TimeoutException e) {
            throw new LoadException(what + " took longer than " + timeout.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        senders.forEach(Session::close);
        receivers.forEach(Session::close);
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
