package dev.rmb.bench.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.token.Tokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HubTest {
    private final Hub hub = Hub.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        http.shutdownNow();
        hub.close();
    }

    private WebSocket connect(Address address, WebSocket.Listener listener) {
        DemoTwin twin = DemoTwin.of(address.twin());
        return connect(
                Tokens.issue(twin.signer(), address.twin(), address.connection(), 0, 1), listener);
    }

    private WebSocket connect(String query, WebSocket.Listener listener) {
        URI uri = URI.create("ws://127.0.0.1:" + hub.address().getPort() + "/?" + query);
        return http.newWebSocketBuilder().buildAsync(uri, listener).join();
    }

    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<ByteBuffer> messages = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket webSocket, ByteBuffer data, boolean last) {
            messages.add(ByteBuffer.allocate(data.remaining()).put(data).flip());
            webSocket.request(1);
            return null;
        }
    }

    @Test
    void anEnvelopeReachesExactlyTheAddressItIsFor() throws Exception {
        var named = new Received();
        var unnamed = new Received();
        connect(new Address(8, "a"), named);
        connect(Address.of(8), unnamed);
        WebSocket sender = connect(Address.of(7), new Received());
        Envelope envelope =
                Envelope.newBuilder()
                        .setUid("u")
                        .setDestination(Envelopes.toProto(new Address(8, "a")))
                        .build();

        sender.sendBinary(ByteBuffer.wrap(envelope.toByteArray()), true).join();

        ByteBuffer got = named.messages.poll(10, TimeUnit.SECONDS);
        assertThat(got).isEqualTo(ByteBuffer.wrap(envelope.toByteArray()));
        assertThat(unnamed.messages).isEmpty();
    }

    @Test
    void whatIsForNobodyIsDropped() throws Exception {
        var receiver = new Received();
        connect(Address.of(8), receiver);
        WebSocket sender = connect(Address.of(7), new Received());
        for (Address to : new Address[] {Address.of(9), Address.of(8)}) {
            Envelope envelope = Envelope.newBuilder().setDestination(Envelopes.toProto(to)).build();
            sender.sendBinary(ByteBuffer.wrap(envelope.toByteArray()), true).join();
        }
        assertThat(receiver.messages.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(receiver.messages).isEmpty();
    }

    @Test
    void whoNamesNoTwinIsRefused() {
        assertThatThrownBy(() -> connect("nonsense", new Received()))
                .hasMessageContaining("WebSocketHandshakeException");
    }
}
