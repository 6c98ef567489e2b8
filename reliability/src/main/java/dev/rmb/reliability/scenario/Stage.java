package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Cluster;
import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.cluster.RouterCounters;
import dev.rmb.reliability.load.Crowd;
import dev.rmb.reliability.load.Doors;
import dev.rmb.reliability.load.Receiver;
import dev.rmb.reliability.load.Sender;
import dev.rmb.reliability.proof.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a scenario plays with. Belongs to the thread that runs it. */
public final class Stage {
    /** Session time-out, settling, and what a busy machine adds: then all is as it was. */
    private static final Duration RECOVERY = Duration.ofSeconds(15);

    /** JVMs on a machine that has other things to do, too. */
    private static final Duration START = Duration.ofMinutes(4);

    private static final Duration CONFIRMATION = Duration.ofSeconds(90);

    /** Without any arrival for so long, nothing more is waited for. */
    private static final Duration NO_PROGRESS = Duration.ofSeconds(60);

    private static final Duration DRAIN = Duration.ofMinutes(15);

    /** For what must not come: repetitions. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private static final Duration PROGRESS = Duration.ofSeconds(5);
    private static final long LOOK_MS = 100;
    private static final int PAYLOAD_BYTES = 200;

    private final Cluster cluster;
    private final RouterCounters counters;
    private final Crowd crowd;
    private final Doors doors;
    private final Parameters parameters;
    private final Progress progress;
    private final SplittableRandom random;
    private final List<Receiver> receivers;
    private final List<Sender> senders;
    private final List<String> failures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<Node> mayEnd = new HashSet<>();
    private final Set<Long> reported = new HashSet<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private boolean stayAway;
    private long mayRepeat;
    private List<Receiver> steady = List.of();
    private @Nullable Duration longestPause;
    private long nextProgress = System.nanoTime();

    Stage(
            Cluster cluster,
            RouterCounters counters,
            Crowd crowd,
            Doors doors,
            Parameters parameters,
            Progress progress) {
        this.cluster = cluster;
        this.counters = counters;
        this.crowd = crowd;
        this.doors = doors;
        this.parameters = parameters;
        this.progress = progress;
        this.random = new SplittableRandom(parameters.seed());
        this.receivers = crowd.receivers();
        this.senders = crowd.senders();
    }

    Cluster cluster() {
        return cluster;
    }

    Crowd crowd() {
        return crowd;
    }

    /** All gateways. */
    Doors doors() {
        return doors;
    }

    Parameters parameters() {
        return parameters;
    }

    SplittableRandom random() {
        return random;
    }

    List<Receiver> receivers() {
        return receivers;
    }

    /** Half of them, where the halves fare differently. */
    List<Receiver> oneHalf() {
        return receivers.subList(0, receivers.size() / 2);
    }

    List<Receiver> otherHalf() {
        return receivers.subList(receivers.size() / 2, receivers.size());
    }

    List<Sender> senders() {
        return senders;
    }

    /** Connects these receivers and all senders, and has them send small messages. */
    void load(List<Receiver> present, double perSecond) throws InterruptedException {
        connect(present);
        send(parameters.rateOr(perSecond), PAYLOAD_BYTES);
    }

    /** Connects these receivers and all senders. */
    void connect(List<Receiver> present) throws InterruptedException {
        crowd.come(present);
        crowd.come(senders);
        await(
                Duration.ofSeconds(60),
                () ->
                        crowd.open(present) == present.size()
                                && crowd.open(senders) == senders.size());
    }

    /** So many messages a second from all senders together, with payloads of this size. */
    void send(double perSecond, int bytes) {
        crowd.send(
                senders, new Sender.Pace(perSecond / senders.size(), bytes, bytes, Long.MAX_VALUE));
    }

    /** From now on pauses of these are measured, who get something all the time. */
    void measurePauses(List<Receiver> of) {
        steady = of;
        crowd.forgetPauses(of);
    }

    /** Ends the measurement. */
    void pausesMeasured() {
        if (!steady.isEmpty()) {
            Duration pause = crowd.longestPause(steady);
            if (longestPause == null || pause.compareTo(longestPause) > 0) {
                longestPause = pause;
            }
            steady = List.of();
        }
    }

    @Nullable Duration longestPause() {
        return longestPause;
    }

    /** Nobody has to come at the end: all have been there. */
    void stayAway() {
        stayAway = true;
    }

    /** This router may end by itself. */
    void mayEnd(Node node) {
        mayEnd.add(node);
    }

    /**
     * So many messages were sent again from relay to relay, because no answer came: each may arrive
     * twice (delivery.md, 19).
     */
    void mayRepeat(long messages) {
        mayRepeat = messages;
    }

    long mayRepeat() {
        return mayRepeat;
    }

    /**
     * Stops sending, calls everybody, and waits until everything confirmed has arrived, or nothing
     * arrives any more.
     */
    void drain() throws InterruptedException {
        crowd.stopSending();
        pausesMeasured();
        crowd.calmDown(stayAway ? List.of() : receivers);
        note("draining");
        if (!await(CONFIRMATION, () -> !crowd.isBusy())) {
            fail("senders get no confirmation any more");
        }
        long end = System.nanoTime() + DRAIN.toNanos();
        boolean goesOn = true;
        while (goesOn && crowd.missing() > 0 && System.nanoTime() - end < 0) {
            long received = crowd.findings().received();
            goesOn =
                    await(
                            NO_PROGRESS,
                            () -> crowd.missing() == 0 || crowd.findings().received() > received);
        }
        pause(QUIET);
        counters.ask();
    }

    /** How many of the messages that arrived routers had written to their stores. */
    double storeShare() {
        double stored = counters.sum("rmb_router_stored_total");
        return stored / Math.max(1, crowd.findings().received());
    }

    /** How many messages routers delivered beside the log. */
    long besideTheLog() {
        return (long) counters.sum("rmb_router_offers_taken_total");
    }

    /** SIGKILL of one. */
    void kill(Node node) throws InterruptedException {
        kill(List.of(node));
    }

    /** SIGKILL of several at once. */
    void kill(List<Node> nodes) throws InterruptedException {
        long now = crowd.now();
        nodes.forEach(Node::kill);
        for (Node node : nodes) {
            node.awaitKilled();
        }
        // Gateways have nothing that their sessions' ends do not tell.
        if (!cluster.gateways().containsAll(nodes)) {
            crowd.disturbed(now, now + RECOVERY.toMillis());
        }
        note("killed " + nodes.stream().map(Node::name).collect(Collectors.joining(", ")));
    }

    /** What is done to a node. */
    @FunctionalInterface
    interface Blow {
        void fall(Node node) throws InterruptedException;
    }

    /**
     * Strikes nodes in turn, at the end of each period, for as long as the scenario goes on.
     *
     * @param down how long each blow takes
     */
    void inTurn(List<Node> nodes, Duration every, Duration down, Blow blow)
            throws InterruptedException {
        int blows = Math.max(1, parameters.secondsOr(60) / (int) every.toSeconds());
        for (int i = 0; i < blows; i++) {
            pause(every.minus(down));
            blow.fall(nodes.get(i % nodes.size()));
        }
    }

    /** SIGSTOP. */
    void freeze(Node node) throws InterruptedException {
        // What was confirmed at the last moment comes again while the process is still paused.
        long now = crowd.now();
        crowd.disturbed(now, now + RECOVERY.toMillis());
        node.process().pause();
        note("paused " + node.name());
    }

    /** SIGCONT, after a pause that began at that time of the run. */
    void thaw(Node node, long since) throws InterruptedException {
        node.process().resume();
        crowd.disturbed(since, crowd.now() + RECOVERY.toMillis());
        note("resumed " + node.name());
    }

    /**
     * Something else is disturbed, from that time of the run until now and what follows from it.
     */
    void disturbedSince(long since) {
        crowd.disturbed(since, crowd.now() + RECOVERY.toMillis());
    }

    /** Starts a node again and waits until it serves. */
    void restart(Node node) throws InterruptedException {
        node.start();
        awaitReady(node);
    }

    void awaitReady(Node node) throws InterruptedException {
        // In pieces, so that progress is shown.
        await(START, () -> node.process().isReady() || !node.process().isAlive());
        node.awaitReady();
        note(node.name() + " serves");
    }

    /** Something must be so and is not. */
    void fail(String what) {
        failures.add(what);
        note("FAILED: " + what);
    }

    /** Something worth knowing afterwards. */
    void remark(String what) {
        notes.add(what);
        progress.note(what);
    }

    void note(String what) {
        progress.note(String.format(Locale.ROOT, "%6.1f s  %s", crowd.now() / 1e3, what));
    }

    List<String> failures() {
        return failures;
    }

    List<String> notes() {
        return notes;
    }

    /** Lets things happen for a while. */
    void pause(Duration duration) throws InterruptedException {
        var _ = await(duration, () -> false);
    }

    /** Lets things happen for a while. */
    void pause(double seconds) throws InterruptedException {
        pause(Duration.ofMillis((long) (seconds * 1e3)));
    }

    /**
     * Lets things happen until something is so.
     *
     * @return whether it came true in time
     */
    boolean await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            watch();
            var _ =
                    never.await(
                            Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MS)),
                            TimeUnit.NANOSECONDS);
        }
        return true;
    }

    private void watch() {
        for (Node node : cluster.nodes()) {
            var process = node.process();
            if (process.endedByItself() && !mayEnd.contains(node) && reported.add(process.pid())) {
                fail(node.name() + " ended by itself:\n" + process.lastLines());
            }
        }
        long now = System.nanoTime();
        if (now - nextProgress >= 0) {
            nextProgress = now + PROGRESS.toNanos();
            Findings found = crowd.findings();
            note(
                    String.format(
                            Locale.ROOT,
                            "sent %,d, confirmed %,d, received %,d, missing %,d, repeated %,d",
                            found.sent(),
                            found.confirmed(),
                            found.received(),
                            found.lost(),
                            found.repeated()));
        }
    }
}
