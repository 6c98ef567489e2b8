package dev.rmb.reliability.load;

import dev.rmb.bench.net.Transport;
import dev.rmb.bench.net.TurnFlush;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.reliability.proof.Findings;
import dev.rmb.reliability.proof.Pair;
import dev.rmb.reliability.proof.Proof;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All senders and receivers of a run, on one event loop. Its public methods are for the thread that
 * runs the scenario; everything happens on the loop.
 */
public final class Crowd implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(5);
    private static final Duration ACT = Duration.ofSeconds(30);

    private final Transport transport = Transport.best();
    private final MultiThreadIoEventLoopGroup group = transport.loops(1, "crowd");
    private final EventLoop loop = group.next();
    private final TurnFlush turn = new TurnFlush(loop);
    private final long start = System.nanoTime();
    private final Proof proof;
    private final SplittableRandom random;
    private final List<Sender> senders = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private final List<Receiver> ofPair = new ArrayList<>();
    private final List<Restless> restless = new ArrayList<>();
    private final Map<String, Long> answers = new TreeMap<>();
    private boolean isClosed;

    /**
     * An empty one.
     *
     * @param proof belongs to the crowd's loop from now on
     */
    public Crowd(Proof proof, long seed) {
        this.proof = proof;
        this.random = new SplittableRandom(seed);
        loop.execute(this::tick);
    }

    /** Adds somebody who receives; he does not come yet. */
    public Receiver receiver(DemoTwin twin, @Nullable String connection, Doors doors) {
        return ask(() -> {
            var receiver =
                    new Receiver(this, "receiver " + receivers.size(), twin, connection, doors);
            receivers.add(receiver);
            return receiver;
        });
    }

    /** Adds somebody who sends to these in turn; he does not come yet. */
    public Sender sender(DemoTwin twin, Doors doors, List<Receiver> to) {
        return ask(() -> {
            var sender = new Sender(this, "sender " + senders.size(), twin, doors, to);
            senders.add(sender);
            return sender;
        });
    }

    /** All receivers. */
    public List<Receiver> receivers() {
        return ask(() -> List.copyOf(receivers));
    }

    /** All senders. */
    public List<Sender> senders() {
        return ask(() -> List.copyOf(senders));
    }

    /** Connects them, now and whenever their connection ends. */
    public void come(List<? extends Client> clients) {
        act(() -> clients.forEach(Client::come));
    }

    /** Connects them through these doors from now on. */
    public void come(List<? extends Client> clients, Doors through) {
        act(() -> clients.forEach(client -> client.come(through)));
    }

    /** Connects them anew, now through the door with this index. */
    public void hop(List<? extends Client> clients, int door) {
        act(() -> clients.forEach(client -> client.hop(door)));
    }

    /** Disconnects them. */
    public void leave(List<? extends Client> clients, boolean reset) {
        act(() -> clients.forEach(client -> client.leave(reset)));
    }

    /** These behave like this until they are told to {@linkplain #calmDown calm down}. */
    public void restless(List<Receiver> who, Habits habits) {
        act(() -> who.forEach(receiver -> restless.add(new Restless(this, receiver, habits))));
    }

    /** These stay connected and read from now on, and nobody is restless any more. */
    public void calmDown(List<Receiver> who) {
        act(() -> {
            restless.forEach(Restless::stop);
            restless.clear();
            who.forEach(receiver -> {
                receiver.pongDelay(Duration.ZERO);
                receiver.read(true);
                receiver.come();
            });
        });
    }

    /** These send like this from now on. */
    public void send(List<Sender> who, Sender.Pace pace) {
        act(() -> who.forEach(sender -> sender.pace(pace)));
    }

    /** Messages of these bear their signature from now on. */
    public void sign(List<Sender> who) {
        act(() -> who.forEach(Sender::sign));
    }

    /** Who is connected now comes through these doors when the connection has ended. */
    public void comeNext(List<? extends Client> clients, Doors through) {
        act(() -> clients.forEach(client -> client.doors(through)));
    }

    /**
     * From now on what senders send after they have connected anew may overtake what they sent
     * before.
     */
    public void mayOvertake() {
        act(proof::mayOvertake);
    }

    /** How many messages were overtaken, since that may be. */
    public long overtaken() {
        return ask(proof::overtaken);
    }

    /** Nothing more is sent; what was is still asked about. */
    public void stopSending() {
        act(() -> senders.forEach(sender -> sender.pace(Sender.Pace.NONE)));
    }

    /** How many of them are connected. */
    public int open(List<? extends Client> clients) {
        return ask(() -> (int) clients.stream().filter(Client::isOpen).count());
    }

    /** Whether a sender still has something to send or to be confirmed. */
    public boolean isBusy() {
        return ask(() -> senders.stream().anyMatch(Sender::isBusy));
    }

    /** What is known of the messages now. */
    public Findings findings() {
        return ask(proof::findings);
    }

    /** Confirmed messages that did not arrive yet. */
    public long missing() {
        return ask(proof::missing);
    }

    /** What the relay answered to requests instead of delivering them, and how often. */
    public Map<String, Long> answers() {
        return ask(() -> Map.copyOf(answers));
    }

    /** Measures pauses and arrivals of these from now on. */
    public void forgetPauses(List<Receiver> of) {
        act(() -> of.forEach(Receiver::forgetPauses));
    }

    /** The longest that one of these was without an arrival. */
    public Duration longestPause(List<Receiver> of) {
        return ask(() ->
                Duration.ofNanos(
                        of.stream().mapToLong(Receiver::longestPauseNanos).max().orElse(0)));
    }

    /**
     * What arrived at some receivers.
     *
     * @param messages since pauses were last forgotten
     * @param first when the first one came, by {@link System#nanoTime}
     * @param latestFirst when the last receiver got his first one
     * @param last when the last one came
     */
    public record Arrived(long messages, long first, long latestFirst, long last) {}

    /** What arrived at these since pauses were forgotten. */
    public Arrived arrived(List<Receiver> at) {
        return ask(() -> {
            long messages = at.stream().mapToLong(Receiver::arrivals).sum();
            List<Receiver> some = at.stream().filter(r -> r.arrivals() > 0).toList();
            return new Arrived(
                    messages,
                    some.stream().mapToLong(Receiver::firstArrivalNanos).min().orElse(0),
                    some.stream().mapToLong(Receiver::firstArrivalNanos).max().orElse(0),
                    some.stream().mapToLong(Receiver::lastArrivalNanos).max().orElse(0));
        });
    }

    /** Milliseconds of the run. Thread-safe. */
    public long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** Something happens to a process or link; see {@code Disturbances}. */
    public void disturbed(long from, long to) {
        act(() -> proof.disturbed(from, to));
    }

    Pair pair(Receiver receiver) {
        ofPair.add(receiver);
        return proof.add();
    }

    boolean isFor(int pair, Receiver receiver) {
        return pair >= 0 && pair < ofPair.size() && ofPair.get(pair) == receiver;
    }

    void answered(String text) {
        answers.merge(text, 1L, Long::sum);
    }

    Proof proof() {
        return proof;
    }

    SplittableRandom random() {
        return random;
    }

    EventLoop loop() {
        return loop;
    }

    TurnFlush turn() {
        return turn;
    }

    Transport transport() {
        return transport;
    }

    void after(Duration pause, Runnable action) {
        var _ = loop.schedule(action, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void tick() {
        if (isClosed) {
            return;
        }
        long now = System.nanoTime();
        senders.forEach(sender -> sender.tick(now));
        after(TICK, this::tick);
    }

    private void act(Runnable action) {
        var _ =
                ask(() -> {
                    action.run();
                    return true;
                });
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(question, loop)
                    .get(ACT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the crowd does not answer", e);
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            act(() -> {
                isClosed = true;
                senders.forEach(sender -> sender.leave(false));
                receivers.forEach(receiver -> receiver.leave(false));
            });
        }
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
