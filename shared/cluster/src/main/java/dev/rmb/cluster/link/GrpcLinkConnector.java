package dev.rmb.cluster.link;

import dev.rmb.proto.link.GatewayBatch;
import dev.rmb.proto.link.Hello;
import dev.rmb.proto.link.RouterBatch;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens links over gRPC; endpoints are {@code host:port}. Thread-safe. */
public final class GrpcLinkConnector implements LinkConnector {
    private static final Logger log = LoggerFactory.getLogger(GrpcLinkConnector.class);

    private final Endpoint self;
    private final LinkSecurity security;
    private final @Nullable SslContext tls;
    private final Reminder reminder = new Reminder(Duration.ofMinutes(1));
    private final ExecutorService callbacks;
    private final ScheduledExecutorService writer;
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param self how this gateway introduces itself
     */
    public GrpcLinkConnector(Endpoint self, LinkSecurity security) {
        this.self = self;
        this.security = security;
        this.tls =
                security instanceof LinkSecurity.Encrypted encrypted
                        ? LinkTls.client(encrypted.tls())
                        : null;
        this.callbacks = LinkExecutors.callbacks(self.pod());
        this.writer = LinkExecutors.writer(self.pod() + "-link-writer");
    }

    @Override
    public void connect(String endpoint, LinkListener<GatewayMessage, RouterMessage> listener) {
        if (security instanceof LinkSecurity.OnThisMachine && !isOnThisMachine(endpoint)) {
            say(
                    endpoint,
                    "it is on another machine, and links to such need TLS: configure it, here"
                            + " and there");
            listener.closed(null, new IOException("no link to " + endpoint + " without TLS"));
            return;
        }
        try {
            new Call(endpoint, listener).start();
        } catch (RejectedExecutionException | IllegalArgumentException e) {
            listener.closed(null, e);
        }
    }

    @Override
    public void close() {
        closed = true;
        List<Call> open = List.copyOf(calls);
        open.forEach(Call::end);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LinkExecutors.LINGER_MS);
        open.forEach(call -> call.awaitEnd(deadline));
        LinkExecutors.stop(writer);
        LinkExecutors.stop(callbacks);
    }

    /** Literal addresses alone are believed: a name may be anybody's. */
    private static boolean isOnThisMachine(String endpoint) {
        String host = endpoint.substring(0, Math.max(0, endpoint.lastIndexOf(':')));
        String literal =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        if (literal.equals("localhost")) {
            return true;
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(literal);
        try {
            return address != null && InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Once a minute at most: links are tried again all the time. */
    private void say(String endpoint, String trouble) {
        if (reminder.due(endpoint, System.nanoTime()) >= 0) {
            log.warn("No link to the router at {}: {}", endpoint, trouble);
        }
    }

    /** One attempt, and the link that came of it. */
    private final class Call implements ClientResponseObserver<GatewayBatch, RouterBatch> {
        private final String endpoint;
        private final LinkListener<GatewayMessage, RouterMessage> listener;
        private final ManagedChannel channel;
        private final AtomicBoolean failed = new AtomicBoolean();
        private volatile @Nullable ClientCallStreamObserver<GatewayBatch> stream;
        private volatile @Nullable GrpcLink<GatewayMessage, RouterMessage, GatewayBatch> link;

        Call(String endpoint, LinkListener<GatewayMessage, RouterMessage> listener) {
            this.endpoint = endpoint;
            this.listener = listener;
            NettyChannelBuilder builder =
                    NettyChannelBuilder.forTarget("dns:///" + endpoint)
                            .disableRetry()
                            .executor(callbacks)
                            .maxInboundMessageSize(GrpcLinks.MAX_BATCH_BYTES)
                            .keepAliveTime(GrpcLinks.KEEP_ALIVE_MS, TimeUnit.MILLISECONDS)
                            .keepAliveTimeout(
                                    GrpcLinks.KEEP_ALIVE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            if (tls == null) {
                builder.usePlaintext();
            } else {
                builder.sslContext(tls);
                String name =
                        security instanceof LinkSecurity.Encrypted encrypted
                                ? encrypted.tls().peerName()
                                : null;
                if (name != null) {
                    builder.overrideAuthority(name);
                }
            }
            this.channel = builder.build();
        }

        void start() {
            calls.add(this);
            ClientCall<GatewayBatch, RouterBatch> call =
                    channel.newCall(GrpcLinks.OPEN, CallOptions.DEFAULT);
            var _ = ClientCalls.asyncBidiStreamingCall(call, this);
            var _ =
                    writer.schedule(
                            () -> {
                                if (link == null) {
                                    giveUp(
                                            new IOException(
                                                    "no welcome from " + endpoint + " in time"));
                                }
                            },
                            GrpcLinks.HANDSHAKE_MS,
                            TimeUnit.MILLISECONDS);
            if (closed) {
                shutDown();
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<GatewayBatch> requests) {
            stream = requests;
            AtomicBoolean introduced = new AtomicBoolean();
            requests.setOnReadyHandler(() -> {
                if (introduced.compareAndSet(false, true)) {
                    requests.onNext(hello());
                }
                var open = link;
                if (open != null) {
                    open.ready();
                }
            });
        }

        @Override
        public void onNext(RouterBatch batch) {
            try {
                var open = link;
                for (dev.rmb.proto.link.RouterMessage message : batch.getMessagesList()) {
                    if (open == null) {
                        open = welcomed(message);
                    } else {
                        open.received(LinkCodec.decode(message));
                    }
                }
            } catch (RuntimeException e) {
                giveUp(e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            giveUp(failure);
        }

        @Override
        public void onCompleted() {
            giveUp(null);
        }

        private GrpcLink<GatewayMessage, RouterMessage, GatewayBatch> welcomed(
                dev.rmb.proto.link.RouterMessage first) {
            var requests = stream;
            if (!first.hasWelcome() || requests == null) {
                throw new IllegalArgumentException("a link that does not begin with a welcome");
            }
            Endpoint router =
                    new Endpoint(
                            first.getWelcome().getRouter(), first.getWelcome().getIncarnation());
            var opened =
                    new GrpcLink<>(
                            router,
                            requests,
                            new GrpcLinks.GatewayBatcher(),
                            listener,
                            writer,
                            _ -> shutDown());
            link = opened;
            reminder.forget(endpoint);
            listener.opened(opened);
            return opened;
        }

        /** Tells the listener, once, that there is no link (any more). */
        private void giveUp(@Nullable Throwable cause) {
            var open = link;
            if (open != null) {
                open.streamEnded(cause);
            } else if (failed.compareAndSet(false, true)) {
                if (cause != null) {
                    TlsTrouble.of(cause).ifPresent(trouble -> say(endpoint, trouble));
                }
                listener.closed(null, cause == null ? new IOException("refused") : cause);
            }
            shutDown();
        }

        private void shutDown() {
            calls.remove(this);
            // Gives what was written a moment to leave; then the connection goes.
            channel.shutdown();
            try {
                var _ =
                        writer.schedule(
                                channel::shutdownNow,
                                LinkExecutors.LINGER_MS,
                                TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                channel.shutdownNow();
            }
        }

        private void end() {
            var open = link;
            if (open != null) {
                open.close();
            } else {
                shutDown();
            }
        }

        private void awaitEnd(long deadlineNanos) {
            try {
                if (!channel.awaitTermination(
                        deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    channel.shutdownNow();
                }
            } catch (InterruptedException e) {
                channel.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }

        private GatewayBatch hello() {
            return GatewayBatch.newBuilder()
                    .addMessages(
                            dev.rmb.proto.link.GatewayMessage.newBuilder()
                                    .setHello(
                                            Hello.newBuilder()
                                                    .setGateway(self.pod())
                                                    .setIncarnation(self.incarnation())))
                    .build();
        }
    }
}
