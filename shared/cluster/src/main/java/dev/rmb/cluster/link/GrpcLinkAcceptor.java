package dev.rmb.cluster.link;

import dev.rmb.proto.link.GatewayBatch;
import dev.rmb.proto.link.RouterBatch;
import dev.rmb.proto.link.Welcome;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Accepts links over gRPC. Owns threads, ended by {@link #close}. */
public final class GrpcLinkAcceptor implements LinkAcceptor {
    private final Endpoint self;
    private final InetSocketAddress listen;
    private final @Nullable String advertised;
    private final LinkSecurity security;
    private final EventLoopGroup loops;
    private final ExecutorService callbacks;
    private final ScheduledExecutorService writer;
    private final Set<GrpcLink<?, ?, ?>> links = ConcurrentHashMap.newKeySet();
    private @Nullable Server server;

    /**
     * @param self how this router introduces itself
     * @param listen port 0 takes a free one
     * @param advertised the {@code host:port} that gateways connect to; {@code null}: where it
     *     listens
     * @throws IllegalArgumentException if others than {@code security} allows could reach it
     */
    public GrpcLinkAcceptor(
            Endpoint self,
            InetSocketAddress listen,
            @Nullable String advertised,
            LinkSecurity security) {
        if (security instanceof LinkSecurity.OnThisMachine
                && (listen.isUnresolved() || !listen.getAddress().isLoopbackAddress())) {
            throw new IllegalArgumentException(
                    "links on " + listen + " can be reached from other machines and need TLS");
        }
        this.self = self;
        this.listen = listen;
        this.advertised = advertised;
        this.security = security;
        this.loops = LinkChannels.loops(self.pod());
        this.callbacks = LinkExecutors.callbacks(self.pod());
        this.writer = LinkExecutors.writer(self.pod() + "-link-writer");
    }

    @Override
    public String start(LinkListener<RouterMessage, GatewayMessage> listener) throws IOException {
        ServerServiceDefinition service =
                ServerServiceDefinition.builder("rmb.link.v1.Link")
                        .addMethod(
                                GrpcLinks.OPEN,
                                ServerCalls.asyncBidiStreamingCall(responses ->
                                        new Call(
                                                (ServerCallStreamObserver<RouterBatch>) responses,
                                                listener)))
                        .build();
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(listen)
                        .channelFactory(() -> {
                            ServerChannel channel = LinkChannels.listening();
                            channel.pipeline().addLast(new HandshakeWatch());
                            return channel;
                        })
                        .bossEventLoopGroup(loops)
                        .workerEventLoopGroup(loops)
                        .addService(service)
                        .executor(callbacks)
                        // Who does not say who it is does not keep a connection.
                        .handshakeTimeout(GrpcLinks.HANDSHAKE_MS, TimeUnit.MILLISECONDS)
                        .maxInboundMessageSize(GrpcLinks.MAX_BATCH_BYTES)
                        .keepAliveTime(GrpcLinks.KEEP_ALIVE_MS, TimeUnit.MILLISECONDS)
                        .keepAliveTimeout(GrpcLinks.KEEP_ALIVE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .permitKeepAliveTime(1, TimeUnit.SECONDS);
        if (security instanceof LinkSecurity.Encrypted encrypted) {
            builder.sslContext(LinkTls.server(encrypted.tls()))
                    .intercept(new StillTrusted(encrypted.tls()));
        }
        Server started = builder.build().start();
        server = started;
        if (advertised != null) {
            return advertised;
        }
        String host = listen.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + started.getPort();
    }

    @Override
    public void close() {
        links.forEach(GrpcLink::close);
        Server running = server;
        if (running != null) {
            running.shutdown();
            try {
                if (!running.awaitTermination(LinkExecutors.LINGER_MS, TimeUnit.MILLISECONDS)) {
                    running.shutdownNow();
                }
            } catch (InterruptedException e) {
                running.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        LinkChannels.stop(loops);
        LinkExecutors.stop(writer);
        LinkExecutors.stop(callbacks);
    }

    /** One stream that a gateway opened. */
    private final class Call implements StreamObserver<GatewayBatch> {
        private final ServerCallStreamObserver<RouterBatch> responses;
        private final LinkListener<RouterMessage, GatewayMessage> listener;
        private volatile @Nullable GrpcLink<RouterMessage, GatewayMessage, RouterBatch> link;

        Call(
                ServerCallStreamObserver<RouterBatch> responses,
                LinkListener<RouterMessage, GatewayMessage> listener) {
            this.responses = responses;
            this.listener = listener;
            responses.setOnReadyHandler(() -> {
                var open = link;
                if (open != null) {
                    open.ready();
                }
            });
            responses.setOnCancelHandler(() -> ended(new IOException("the stream broke")));
            responses.setOnCloseHandler(() -> ended(null));
            var _ =
                    writer.schedule(
                            () -> {
                                if (link == null) {
                                    refuse("no hello in time");
                                }
                            },
                            GrpcLinks.HANDSHAKE_MS,
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public void onNext(GatewayBatch batch) {
            try {
                var open = link;
                for (dev.rmb.proto.link.GatewayMessage message : batch.getMessagesList()) {
                    if (open == null) {
                        open = greeted(message);
                    } else {
                        open.received(LinkCodec.decode(message));
                    }
                }
            } catch (RuntimeException e) {
                var open = link;
                if (open != null) {
                    open.cut(e);
                } else {
                    refuse(String.valueOf(e.getMessage()));
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            ended(failure);
        }

        @Override
        public void onCompleted() {
            var open = link;
            if (open != null) {
                open.close();
            } else {
                refuse("no hello");
            }
        }

        private GrpcLink<RouterMessage, GatewayMessage, RouterBatch> greeted(
                dev.rmb.proto.link.GatewayMessage first) {
            if (!first.hasHello()) {
                throw new IllegalArgumentException("a link that does not begin with a hello");
            }
            Endpoint gateway =
                    new Endpoint(first.getHello().getGateway(), first.getHello().getIncarnation());
            // Before the link exists, so that nothing can be written ahead of it.
            responses.onNext(welcome());
            var opened =
                    new GrpcLink<>(
                            gateway,
                            responses,
                            new GrpcLinks.RouterBatcher(),
                            listener,
                            writer,
                            links::remove);
            link = opened;
            links.add(opened);
            listener.opened(opened);
            return opened;
        }

        private void ended(@Nullable Throwable cause) {
            var open = link;
            if (open != null) {
                open.streamEnded(cause);
            }
        }

        private void refuse(String why) {
            responses.onError(Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException());
        }

        private RouterBatch welcome() {
            return RouterBatch.newBuilder()
                    .addMessages(
                            dev.rmb.proto.link.RouterMessage.newBuilder()
                                    .setWelcome(
                                            Welcome.newBuilder()
                                                    .setRouter(self.pod())
                                                    .setIncarnation(self.incarnation())))
                    .build();
        }
    }
}
