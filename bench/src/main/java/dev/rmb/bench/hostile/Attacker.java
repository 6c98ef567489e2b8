package dev.rmb.bench.hostile;

import static dev.rmb.bench.net.WebSocketFrames.BINARY;
import static dev.rmb.bench.net.WebSocketFrames.PING;

import dev.rmb.bench.net.Transport;
import dev.rmb.bench.net.WebSocketFrames;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.URI;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Attacks with one thread, at a steady rate, from its making until it is closed. */
final class Attacker implements AutoCloseable {
    private static final long TICK_MS = 5;
    private static final double NANOS = 1e9;

    /** Steps that could not be done in time are left out beyond this. */
    private static final double MAX_BEHIND_SECONDS = 0.1;

    private static final int FORGERIES = 64;
    private static final int FIRST_FRAGMENT = 1 << 20;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Map<AttackKind, Attack> attacks = new EnumMap<>(AttackKind.class);
    private final Map<AttackKind, Double> owed = new EnumMap<>(AttackKind.class);
    private final double intensity;
    private long lastTick = System.nanoTime();

    /**
     * @param twin whom the attacker is
     * @param forger has another key
     * @param intensity of 1 does each attack as often as it says
     */
    Attacker(
            URI relay,
            DemoTwin twin,
            DemoTwin forger,
            Set<AttackKind> kinds,
            double intensity,
            InstantSource clock) {
        this.intensity = intensity;
        Transport transport = Transport.best();
        group = transport.loops(1, "bench-attack");
        loop = group.next();
        var doors = new Doors(transport, loop, relay, twin, forger, clock);
        for (AttackKind kind : kinds) {
            attacks.put(kind, attack(kind, doors));
            owed.put(kind, 0.0);
        }
        var _ = loop.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private static Attack attack(AttackKind kind, Doors doors) {
        byte[] nothing = {};
        return switch (kind) {
            case TOKENS -> {
                byte[][] forged = new byte[FORGERIES][];
                for (int i = 0; i < FORGERIES; i++) {
                    forged[i] = doors.forgedUpgrade("forged-" + i);
                }
                yield new ComingAndGoing(doors, i -> forged[i % FORGERIES], nothing);
            }
            case HANDSHAKES -> new ByteByByte(doors, doors.upgrade("slow"));
            case NAMES -> new ComingAndGoing(doors, i -> doors.upgrade("name-" + i), nothing);
            case HALVES -> {
                byte[] upgrade = doors.upgrade("half");
                byte[] half = frame(BINARY, new byte[200]);
                yield new ComingAndGoing(doors, _ -> upgrade, Arrays.copyOf(half, 100));
            }
            case PINGS -> new Torrent(doors, "ping-", nothing, frame(PING, new byte[100]));
            case FRAGMENTS -> {
                // Not the last frame of its message; then continuations of one byte each.
                byte[] first = frame(BINARY, new byte[FIRST_FRAGMENT]);
                first[0] = BINARY;
                yield new Torrent(
                        doors, "fragment-", first, new byte[] {0, (byte) 0x81, 0, 0, 0, 0, 1});
            }
            case ERRORS -> new Torrent(doors, "error-", nothing, frame(BINARY, wrong(doors)));
        };
    }

    private static byte[] wrong(Doors doors) {
        var self = Address.newBuilder().setTwin((int) doors.twin().id());
        return Envelope.newBuilder()
                .setUid("not from here")
                .setSource(self.setConnection("nobody"))
                .setDestination(self)
                .setRequest(Request.newBuilder().setCommand("none"))
                .build()
                .toByteArray();
    }

    private static byte[] frame(int opcode, byte[] body) {
        ByteBuf frame = Unpooled.buffer(WebSocketFrames.MAX_HEADER + body.length);
        WebSocketFrames.writeMasked(frame, opcode, 0, body);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    private void tick() {
        long now = System.nanoTime();
        double seconds = Math.min((now - lastTick) / NANOS, MAX_BEHIND_SECONDS);
        lastTick = now;
        attacks.forEach((kind, attack) -> {
            double due = owed.getOrDefault(kind, 0.0) + seconds * kind.perSecond() * intensity;
            int steps = (int) due;
            owed.put(kind, due - steps);
            if (steps > 0) {
                attack.step(steps);
            }
        });
    }

    /** How many steps of each attack were done until now. */
    Map<AttackKind, Long> done() {
        Map<AttackKind, Long> done = new EnumMap<>(AttackKind.class);
        attacks.forEach((kind, attack) -> done.put(kind, attack.done()));
        return done;
    }

    @Override
    public void close() {
        loop.execute(() -> attacks.values().forEach(Attack::stop));
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
