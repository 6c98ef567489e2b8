package dev.rmb.gateway;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** What tests wait for. */
final class Gateways {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Gateways() {}

    static void awaitAccepted(TestGateway gateway, String uid) {
        await().atMost(PATIENCE).until(() -> acceptedUids(gateway).contains(uid));
    }

    static List<String> acceptedUids(TestGateway gateway) {
        return gateway.log.accepted().stream().map(Gateways::uid).toList();
    }

    static void awaitCounter(TestGateway gateway, String name, long value) {
        await().atMost(PATIENCE).until(() -> gateway.counter(name) >= value);
    }

    private static String uid(byte[] envelope) {
        try {
            return Envelope.parseFrom(envelope).getUid();
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }
}
