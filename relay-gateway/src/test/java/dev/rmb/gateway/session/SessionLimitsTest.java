package dev.rmb.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.protocol.Address;
import dev.rmb.server.config.ConfigLoader;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What all clients of a gateway can make it hold together, and what a fault does to one of them.
 */
final class SessionLimitsTest {
    private static final int MIB = 1 << 20;
    private static final SessionSettings SETTINGS =
            ConfigLoader.parse(
                    "{queuedInAll: 20MiB, unfinishedInAll: 20MiB}",
                    SessionSettings.class,
                    Map.of());

    private final DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(1);
    private final SessionLoop loop =
            new SessionLoops(group, SETTINGS, 1 << 20, Clock.systemUTC()).all().getFirst();
    private final SessionContext context =
            new SessionContext(
                    SETTINGS,
                    new TestSessions.NoLog(),
                    new TestSessions.NoPresence(),
                    new RateLimiter(new RateLimits(() -> 0, () -> 0)),
                    new Bans(Clock.systemUTC()),
                    new TwinSessions(),
                    new SessionIndex(),
                    new SessionMetrics(new MetricRegistry()));

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void unfinishedMessagesBeyondTheLimitEndTheSessionWithTheMost() throws Exception {
        onLoop(() -> {
            ScriptedConnection small = connect(1);
            ScriptedConnection large = connect(2);
            small.session().unfinished(5 * MIB);
            large.session().unfinished(14 * MIB);
            assertThat(large.ending).isNull();

            small.session().unfinished(7 * MIB);

            assertThat(large.ending).isEqualTo(Ending.UNFINISHED);
            assertThat(small.ending).isNull();
            small.session().unfinished(16 * MIB);
            assertThat(small.ending).isNull();
        });
    }

    @Test
    void whatWaitsToBeReadBeyondTheLimitEndsTheSessionWithTheMost() throws Exception {
        onLoop(() -> {
            ScriptedConnection stalled = connect(1);
            ScriptedConnection reader = connect(2);
            RecordingScope scope = new RecordingScope();
            stalled.reads = false;
            for (int n = 1; n <= 12; n++) {
                stalled.session().deliver(scope, n, n, new byte[MIB], null);
            }
            assertThat(stalled.ending).isNull();

            for (int n = 1; n <= 12; n++) {
                reader.session().deliver(scope, n, n, new byte[MIB], null);
            }
            assertThat(reader.ending).isNull();
            assertThat(stalled.ending).isNull();
            reader.reads = false;
            for (int n = 13; n <= 24; n++) {
                reader.session().deliver(scope, n, n, new byte[MIB], null);
            }

            assertThat(stalled.ending).isEqualTo(Ending.SHED);
            assertThat(reader.ending).isNull();
        });
    }

    @Test
    void manyDeliveriesOfOneTurnAreFlushedOnceAndAskedAboutOnce() throws Exception {
        onLoop(() -> {
            ScriptedConnection connection = connect(1);
            RecordingScope scope = new RecordingScope();
            for (int n = 1; n <= 500; n++) {
                connection.session().deliver(scope, n, n, new byte[100], null);
            }
            assertThat(connection.flushes).isZero();

            loop.endTurn();

            assertThat(connection.flushes).isEqualTo(1);
            assertThat(connection.probes).isEqualTo(1);
        });
    }

    @Test
    void aDeliveryThatCannotBeWrittenEndsTheSessionAndIsNeverConfirmed() throws Exception {
        onLoop(() -> {
            ScriptedConnection connection = connect(1);
            RecordingScope scope = new RecordingScope();
            connection.memory = false;

            connection.session().deliver(scope, 1, 1, new byte[100], null);
            loop.endTurn();
            connection.session().confirmed(1);

            assertThat(connection.ending).isEqualTo(Ending.FAULT);
            assertThat(scope.acknowledged).isEmpty();
        });
    }

    @Test
    void aClientThatAsksWithoutReadingTheAnswersIsNotReadAnyMore() throws Exception {
        onLoop(() -> {
            ScriptedConnection connection = connect(1);
            connection.reads = false;
            for (int n = 0; n < 20_000; n++) {
                connection.queued += 16;
                connection.session().answered(16);
            }

            loop.endTurn();

            assertThat(connection.reading).isFalse();
            assertThat(connection.ending).isNull();
        });
    }

    private void onLoop(Runnable test) throws Exception {
        loop.executor().submit(test).get(30, TimeUnit.SECONDS);
    }

    private ScriptedConnection connect(long twin) {
        ScriptedConnection connection = new ScriptedConnection();
        Session session =
                new Session(
                        new SessionInfo(loop.newId(), Address.of(twin), 0),
                        InetAddress.getLoopbackAddress(),
                        loop,
                        connection,
                        context);
        connection.session = session;
        loop.add(session);
        return connection;
    }

    /** A connection whose client reads or does not, over a machine with memory or without. */
    private static final class ScriptedConnection implements Connection {
        @Override
        public String transport() {
            return "test";
        }

        private @Nullable Session session;
        private boolean reads = true;
        private boolean memory = true;
        private boolean reading = true;
        private long queued;
        private int flushes;
        private int probes;
        private @Nullable Ending ending;

        Session session() {
            if (session == null) {
                throw new IllegalStateException("not connected");
            }
            return session;
        }

        @Override
        public void write(byte[] envelope) {
            if (!memory) {
                throw new OutOfMemoryError("none left, says the test");
            }
            queued += envelope.length;
        }

        @Override
        public void probe(long mark) {
            probes++;
        }

        @Override
        public void flush() {
            flushes++;
            if (reads) {
                queued = 0;
            }
        }

        @Override
        public boolean isWritable() {
            return queued < 64 * 1024;
        }

        @Override
        public long queuedBytes() {
            return queued;
        }

        @Override
        public void read(boolean on) {
            reading = on;
        }

        @Override
        public void close(Ending why) {
            ending = why;
        }
    }

    private static final class RecordingScope implements Scope {
        private final List<Session> acknowledged = new ArrayList<>();

        @Override
        public void acknowledge(Session session) {
            acknowledged.add(session);
        }

        @Override
        public void refuse(Session session) {
            throw new AssertionError("no gap was made");
        }
    }
}
