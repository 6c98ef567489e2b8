package dev.rmb.gateway.session;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.RecordHeader;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.accept.Receipt;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.protocol.Address;
import dev.rmb.server.config.ConfigLoader;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sessions for tests that need them as objects and nothing else of them. */
public final class TestSessions implements AutoCloseable {
    private static final SessionSettings SETTINGS =
            ConfigLoader.parse("", SessionSettings.class, Map.of());

    private final DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(1);
    private final SessionLoop loop =
            new SessionLoops(group, SETTINGS, 1 << 20, Clock.systemUTC()).all().getFirst();
    private final AtomicLong ids = new AtomicLong();
    private final SessionContext context =
            new SessionContext(
                    SETTINGS,
                    new NoLog(),
                    new NoPresence(),
                    new RateLimiter(new RateLimits(() -> 0, () -> 0)),
                    new Bans(Clock.systemUTC()),
                    new TwinSessions(),
                    new SessionIndex(),
                    new SessionMetrics(new MetricRegistry()));

    public Session session(Address address) {
        return new Session(
                new SessionInfo(ids.incrementAndGet(), address, 0),
                InetAddress.getLoopbackAddress(),
                loop,
                new NoConnection(),
                context);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    static final class NoLog implements EnvelopeLog {
        @Override
        public void send(
                RecordHeader.Kind kind,
                long destination,
                byte[] envelope,
                long ingressMs,
                Receipt receipt) {}

        @Override
        public void close() {}
    }

    static final class NoPresence implements Presence {
        @Override
        public @Nullable Session opened(Session session) {
            return null;
        }

        @Override
        public boolean isPresent(Address address) {
            return false;
        }

        @Override
        public CompletionStage<Whereabouts> whereabouts(Address address) {
            return CompletableFuture.completedStage(Whereabouts.OFFLINE);
        }

        @Override
        public void closed(Session session) {}
    }

    private static final class NoConnection implements Connection {
        @Override
        public String transport() {
            return "test";
        }

        @Override
        public void write(byte[] envelope) {}

        @Override
        public void probe(long mark) {}

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void read(boolean on) {}

        @Override
        public void close(Ending ending) {}
    }
}
