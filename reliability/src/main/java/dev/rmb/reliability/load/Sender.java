package dev.rmb.reliability.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.reliability.proof.Pair;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends to its receivers in turn, by the clock, and asks for confirmation all the time. Belongs to
 * the crowd's event loop.
 */
public final class Sender extends Client {
    /** Unconfirmed messages; beyond it a sender waits, as a sensible program would. */
    private static final int MAX_UNCONFIRMED = 2_000;

    private static final int MAX_PINGS = 64;
    private static final long PING_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A sender that was held up makes up for so much of it. */
    private static final double MAX_CREDIT_SECONDS = 0.2;

    private final Address address;
    private final List<Target> targets = new ArrayList<>();
    private final LongQueue unconfirmed = new LongQueue();
    private final Deque<Barrier> barriers = new ArrayDeque<>();
    private Pace pace = Pace.NONE;
    private boolean signs;
    private double credit;
    private long lastTick;
    private int nextTarget;
    private long lastPing;
    private long pinged;
    private long pings;

    private record Target(Pair pair, Address address) {}

    /** The answer to this ping confirms so many messages of the sender's whole life. */
    private record Barrier(String uid, long messages) {}

    /**
     * How a sender sends.
     *
     * @param perSecond messages of this sender
     * @param leastBytes of a payload
     * @param mostBytes of a payload
     * @param atMost messages in all, then it stops by itself
     */
    public record Pace(double perSecond, int leastBytes, int mostBytes, long atMost) {
        static final Pace NONE = new Pace(0, Message.HEADER, Message.HEADER, 0);

        public Pace {
            if (leastBytes < Message.HEADER || mostBytes < leastBytes) {
                throw new IllegalArgumentException("no such payload");
            }
        }
    }

    Sender(Crowd crowd, String name, DemoTwin twin, Doors doors, List<Receiver> to) {
        super(crowd, name, twin, null, doors);
        this.address = Message.address(twin, null);
        for (Receiver receiver : to) {
            Pair pair = crowd.pair(receiver);
            targets.add(new Target(pair, Message.address(receiver.twin(), receiver.connection())));
        }
    }

    void pace(Pace now) {
        pace = now;
        credit = 0;
        lastTick = System.nanoTime();
    }

    /** From now on its messages bear its signature, which other relays ask for. */
    void sign() {
        signs = true;
    }

    /** Whether it still has something to send or to be confirmed. */
    boolean isBusy() {
        return pace.atMost() > 0 || unconfirmed.size() > 0;
    }

    void tick(long now) {
        ClientSession session = session();
        double seconds = (now - lastTick) / 1e9;
        lastTick = now;
        if (session == null || !session.isOpen()) {
            return;
        }
        credit = Math.min(credit + seconds * pace.perSecond(), mostCredit());
        while (credit >= 1
                && pace.atMost() > 0
                && unconfirmed.size() < MAX_UNCONFIRMED
                && session.takesMore()) {
            send(session);
            credit -= 1;
        }
        if (unconfirmed.added() > pinged
                && now - lastPing >= PING_EVERY_NANOS
                && barriers.size() < MAX_PINGS) {
            ping(session, now);
        }
    }

    private double mostCredit() {
        return Math.max(1, pace.perSecond() * MAX_CREDIT_SECONDS);
    }

    private void send(ClientSession session) {
        Target target = targets.get(nextTarget);
        nextTarget = (nextTarget + 1) % targets.size();
        Pair pair = target.pair();
        int number = pair.send();
        int length =
                pace.leastBytes() == pace.mostBytes()
                        ? pace.leastBytes()
                        : crowd().random().nextInt(pace.leastBytes(), pace.mostBytes() + 1);
        session.send(
                new Message(pair.index(), number)
                        .envelope(
                                address, target.address(), length, signs ? twin().signer() : null));
        unconfirmed.add(((long) pair.index() << Integer.SIZE) | number);
        pace = new Pace(pace.perSecond(), pace.leastBytes(), pace.mostBytes(), pace.atMost() - 1);
    }

    private void ping(ClientSession session, long now) {
        String uid = "p" + pings++;
        session.send(Message.ping(address, uid));
        pinged = unconfirmed.added();
        barriers.add(new Barrier(uid, pinged));
        lastPing = now;
    }

    @Override
    void opened(ClientSession opened) {
        for (Target target : targets) {
            target.pair().senderSession();
        }
    }

    @Override
    void ended(ClientSession ended) {
        // What was not confirmed by now never is: it may arrive or not.
        unconfirmed.clear();
        barriers.clear();
        pinged = unconfirmed.added();
    }

    @Override
    void received(ClientSession by, ByteBuffer bytes) {
        try {
            Envelope envelope = Envelope.parseFrom(bytes);
            if (envelope.hasPong()) {
                confirmed(envelope.getUid());
            } else if (envelope.hasError()) {
                answered(envelope);
            } else {
                crowd().proof().foreign();
            }
        } catch (InvalidProtocolBufferException e) {
            crowd().proof().foreign();
        }
    }

    private void confirmed(String uid) {
        while (!barriers.isEmpty()) {
            Barrier barrier = barriers.remove();
            while (unconfirmed.removed() < barrier.messages()) {
                long message = unconfirmed.remove();
                crowd().proof()
                        .pairs()
                        .get((int) (message >>> Integer.SIZE))
                        .confirmed((int) message);
            }
            if (barrier.uid().equals(uid)) {
                return;
            }
        }
    }

    private void answered(Envelope envelope) {
        Message message = Message.ofUid(envelope.getUid());
        if (message == null || message.pair() >= crowd().proof().pairs().size()) {
            crowd().proof().foreign();
            return;
        }
        crowd().answered(envelope.getError().getMessage());
        crowd().proof().pairs().get(message.pair()).answered(message.number());
    }

    @Override
    void asked(ClientSession by, byte[] ping) {
        by.confirm(ping);
    }
}
