package dev.rmb.reliability.load;

import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.protocol.token.Tokens;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A client that wants to be connected: when its connection ends, or stays silent, it comes back
 * through the next door, with back-off. Belongs to the crowd's event loop.
 */
public abstract class Client {
    private static final long TOKEN_SECONDS = 3600;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final int MAX_DOUBLINGS = 5;
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final Duration LASTED = Duration.ofSeconds(2);
    private static final Duration PROBE = Duration.ofSeconds(5);

    /** As existing peers do, in less time: they drop a connection that is silent for 40 s. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final Crowd crowd;
    private final String name;
    private final DemoTwin twin;
    private final @Nullable String connection;
    private Doors doors;
    private int door;
    private @Nullable ClientSession session;

    /** Left for another one, and open until that one is. */
    private @Nullable ClientSession retired;

    private boolean isWanted;
    private boolean isScheduled;
    private int failures;
    private long openedAt;

    /** Made by the crowd. */
    Client(Crowd crowd, String name, DemoTwin twin, @Nullable String connection, Doors doors) {
        this.crowd = crowd;
        this.name = name;
        this.twin = twin;
        this.connection = connection;
        this.doors = doors;
        this.door = crowd.random().nextInt(doors.all().size());
    }

    abstract void opened(ClientSession opened);

    abstract void ended(ClientSession ended);

    abstract void received(ClientSession by, ByteBuffer envelope);

    abstract void asked(ClientSession by, byte[] ping);

    final String name() {
        return name;
    }

    /** Who it is. */
    public final DemoTwin twin() {
        return twin;
    }

    final @Nullable String connection() {
        return connection;
    }

    final Crowd crowd() {
        return crowd;
    }

    final @Nullable ClientSession session() {
        return session;
    }

    final boolean isOpen() {
        return session != null && session.isOpen();
    }

    /** Connects, and from now on again and again. */
    final void come() {
        isWanted = true;
        failures = 0;
        connectAfter(Duration.ZERO);
    }

    /** The same through these doors from now on. */
    final void come(Doors through) {
        doors(through);
        come();
    }

    /** These are the ways in from now on, for whenever it connects. */
    final void doors(Doors through) {
        doors = through;
    }

    /**
     * Ends the connection and does not come back by itself.
     *
     * @param reset with RST, whatever is on its way
     */
    final void leave(boolean reset) {
        isWanted = false;
        ClientSession present = session;
        if (present == null) {
            return;
        }
        if (reset) {
            present.reset();
        } else {
            present.close();
        }
        // What is still read from the socket was not received.
        forget(present);
        door++;
    }

    /** Connects anew through this door, and leaves the present connection open until then. */
    final void hop(int through) {
        door = through - 1;
        hop();
    }

    /** The same through the next door. */
    final void hop() {
        ClientSession present = session;
        if (present == null || !present.isOpen()) {
            return;
        }
        session = null;
        ended(present);
        retired = present;
        door++;
        connect();
    }

    private void connectAfter(Duration pause) {
        if (isScheduled || session != null) {
            return;
        }
        isScheduled = true;
        crowd.after(
                pause,
                () -> {
                    isScheduled = false;
                    if (isWanted && session == null) {
                        connect();
                    }
                });
    }

    private void connect() {
        URI relay = doors.door(door);
        if (relay == null) {
            failed();
            return;
        }
        long now = Instant.now().getEpochSecond();
        String token = Tokens.issue(twin.signer(), twin.id(), connection, now, now + TOKEN_SECONDS);
        var connecting = new ClientSession(this, relay, token, crowd.turn());
        session = connecting;
        var _ = connecting.opened().thenRun(() -> open(connecting));
        var _ = connecting.ended().thenRun(() -> forget(connecting));
        var _ =
                new Bootstrap()
                        .group(crowd.loop())
                        .channel(crowd.transport().clientChannel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) HANDSHAKE.toMillis())
                        .handler(connecting)
                        .connect(relay.getHost(), relay.getPort())
                        .addListener(
                                (ChannelFutureListener)
                                        done -> {
                                            if (!done.isSuccess()) {
                                                forget(connecting);
                                            }
                                        });
        crowd.after(
                HANDSHAKE,
                () -> {
                    if (session == connecting && !connecting.isOpen()) {
                        connecting.reset();
                    }
                });
    }

    private void open(ClientSession opened) {
        if (session != opened) {
            opened.close();
            return;
        }
        opened.setOpen();
        openedAt = System.nanoTime();
        ClientSession former = retired;
        retired = null;
        if (former != null) {
            former.close();
        }
        opened(opened);
        probe(opened);
    }

    private void probe(ClientSession opened) {
        crowd.after(
                PROBE,
                () -> {
                    if (session != opened) {
                        return;
                    }
                    if (opened.isReading() && opened.silentNanos() > SILENCE.toNanos()) {
                        opened.reset();
                        forget(opened);
                        return;
                    }
                    opened.probe();
                    probe(opened);
                });
    }

    private void forget(ClientSession gone) {
        if (session != gone) {
            return;
        }
        session = null;
        if (gone.isOpen()) {
            ended(gone);
        }
        if (isWanted) {
            if (gone.isOpen() && System.nanoTime() - openedAt > LASTED.toNanos()) {
                failures = 0;
            }
            failed();
        }
    }

    private void failed() {
        door++;
        long most = FIRST_PAUSE.toMillis() << Math.min(failures, MAX_DOUBLINGS);
        failures++;
        connectAfter(Duration.ofMillis(most / 2 + crowd.random().nextLong(most / 2 + 1)));
    }
}
