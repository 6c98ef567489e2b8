package dev.rmb.cluster.link;

import dev.rmb.proto.link.GatewayBatch;
import dev.rmb.proto.link.RouterBatch;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.concurrent.TimeUnit;

/**
 * What both ends of a gRPC link have in common: the method of {@code link.proto} and its limits.
 */
final class GrpcLinks {
    /** A batch (1 MiB) that one envelope of the largest size (17 MiB) made longer. */
    static final int MAX_BATCH_BYTES = 19 << 20;

    /** How long an end may take to introduce itself. */
    static final long HANDSHAKE_MS = TimeUnit.SECONDS.toMillis(5);

    /** A silent stream is asked for a sign of life after this, and given up after the next. */
    static final long KEEP_ALIVE_MS = TimeUnit.SECONDS.toMillis(10);

    static final long KEEP_ALIVE_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(5);

    // Written by hand rather than generated: one method, and no second code generator to keep in
    // step with protoc.
    static final MethodDescriptor<GatewayBatch, RouterBatch> OPEN =
            MethodDescriptor.<GatewayBatch, RouterBatch>newBuilder()
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName(
                            MethodDescriptor.generateFullMethodName("rmb.link.v1.Link", "Open"))
                    .setRequestMarshaller(ProtoUtils.marshaller(GatewayBatch.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(RouterBatch.getDefaultInstance()))
                    .build();

    private GrpcLinks() {}

    static final class GatewayBatcher implements GrpcLink.Batcher<GatewayMessage, GatewayBatch> {
        private GatewayBatch.Builder batch = GatewayBatch.newBuilder();

        @Override
        public void add(GatewayMessage message) {
            batch.addMessages(LinkCodec.encode(message));
        }

        @Override
        public GatewayBatch take() {
            GatewayBatch taken = batch.build();
            batch = GatewayBatch.newBuilder();
            return taken;
        }
    }

    static final class RouterBatcher implements GrpcLink.Batcher<RouterMessage, RouterBatch> {
        private RouterBatch.Builder batch = RouterBatch.newBuilder();

        @Override
        public void add(RouterMessage message) {
            batch.addMessages(LinkCodec.encode(message));
        }

        @Override
        public RouterBatch take() {
            RouterBatch taken = batch.build();
            batch = RouterBatch.newBuilder();
            return taken;
        }
    }
}
