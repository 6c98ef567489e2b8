package dev.rmb.tfchain.fake;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A node of a {@link FakeChain}: JSON-RPC over WebSocket, and faults at the test's word. */
public final class FakeNode implements AutoCloseable {
    private static final int MAX_FRAME = 16 << 20;
    private static final int MAX_HTTP = 64 << 10;

    private final FakeChain chain;
    private final EventLoopGroup threads =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listening;
    private final Set<FakeConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> errors = new ConcurrentHashMap<>();
    private final Map<String, Runnable> surprises = new ConcurrentHashMap<>();
    private final LongAdder attempts = new LongAdder();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean refusing;
    private volatile boolean stalled;
    private volatile Duration slowness = Duration.ZERO;
    private volatile int cutAfter = -1;

    private FakeNode(FakeChain chain, int port) {
        this.chain = chain;
        this.listening =
                new ServerBootstrap()
                        .group(threads)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(new Accepting())
                        .bind("127.0.0.1", port)
                        .syncUninterruptibly()
                        .channel();
    }

    /** Starts on a free port. */
    public static FakeNode start(FakeChain chain) {
        return new FakeNode(chain, 0);
    }

    /** Starts on a port that is known beforehand. */
    public static FakeNode start(FakeChain chain, int port) {
        return new FakeNode(chain, port);
    }

    private final class Accepting extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            attempts.increment();
            if (refusing) {
                var unused = channel.close();
                return;
            }
            channel.pipeline()
                    .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MAX_HTTP),
                            new WebSocketServerProtocolHandler("/", null, true, MAX_FRAME),
                            new FakeConnection(FakeNode.this, chain));
        }
    }

    public URI uri() {
        return URI.create("ws://127.0.0.1:" + port());
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Ends all connections, without a word. */
    public void cut() {
        connections.forEach(FakeConnection::cut);
    }

    /** Takes no connections from now on, and ends those there are; or takes them again. */
    public void refuse(boolean now) {
        refusing = now;
        if (now) {
            cut();
        }
    }

    /** Keeps new blocks to itself, as a node does that has lost its peers. */
    public void stall(boolean now) {
        stalled = now;
    }

    /** Every answer takes so long. */
    public void slow(Duration by) {
        slowness = by;
    }

    /** Answers this method with an error from now on. */
    public void fail(String method) {
        errors.put(method, -32603);
    }

    /** Has no such method from now on. */
    public void lack(String method) {
        errors.put(method, -32601);
    }

    /** Answers this method with this result from now on. */
    public void answer(String method, JsonNode result) {
        answers.put(method, result);
    }

    /** Does this once, when the method is called next and before it is answered. */
    public void before(String method, Runnable surprise) {
        surprises.put(method, surprise);
    }

    /** Answers so many calls more, and ends its connections at the next. */
    public void cutAfter(int answered) {
        cutAfter = answered;
    }

    /** Behaves from now on. */
    public void heal() {
        errors.clear();
        answers.clear();
        refusing = false;
        stalled = false;
        slowness = Duration.ZERO;
        cutAfter = -1;
    }

    /** How often a method was called. */
    public long calls(String method) {
        LongAdder count = calls.get(method);
        return count == null ? 0 : count.sum();
    }

    /** How often somebody has tried to connect. */
    public long attempts() {
        return attempts.sum();
    }

    /** How many connections there are. */
    public int connections() {
        return connections.size();
    }

    void opened(FakeConnection connection) {
        connections.add(connection);
    }

    void closed(FakeConnection connection) {
        connections.remove(connection);
    }

    boolean isStalled() {
        return stalled;
    }

    Duration slowness() {
        return slowness;
    }

    /** Counts a call; {@code false} if the connection is to be cut instead. */
    boolean called(String method) {
        Runnable surprise = surprises.remove(method);
        if (surprise != null) {
            surprise.run();
        }
        return counted(method);
    }

    private synchronized boolean counted(String method) {
        calls.computeIfAbsent(method, name -> new LongAdder()).increment();
        if (cutAfter == 0) {
            cutAfter = -1;
            return false;
        }
        if (cutAfter > 0) {
            cutAfter--;
        }
        return true;
    }

    @Nullable Integer errorOf(String method) {
        return errors.get(method);
    }

    @Nullable JsonNode answerTo(String method) {
        return answers.get(method);
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        refusing = true;
        listening.close().syncUninterruptibly();
        cut();
        threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
