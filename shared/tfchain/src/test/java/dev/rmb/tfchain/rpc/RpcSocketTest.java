package dev.rmb.tfchain.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rmb.tfchain.fake.FakeChain;
import dev.rmb.tfchain.fake.FakeNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RpcSocketTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final FakeChain chain = new FakeChain();
    private final FakeNode node = FakeNode.start(chain);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        node.close();
    }

    private RpcSocket connect(RpcSettings settings) throws Exception {
        return now(RpcSocket.connect(http, node.uri(), settings));
    }

    private static RpcSettings within(long ms) {
        return new RpcSettings(SOON, Duration.ofMillis(ms));
    }

    private static <T> T now(CompletionStage<T> answer) throws Exception {
        return answer.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void answersAreTheirCallsOwn() throws Exception {
        chain.blocks(50);
        try (RpcSocket socket = connect(within(10_000))) {
            List<CompletionStage<JsonNode>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(socket.call("chain_getBlockHash", i));
            }
            for (int i = 0; i < 50; i++) {
                String hash = now(answers.get(i)).asText();
                assertThat(now(socket.call("chain_getHeader", hash)).path("number").asText())
                        .isEqualTo("0x" + Integer.toHexString(i));
            }
        }
    }

    @Test
    void anErrorIsTheNodesWord() throws Exception {
        try (RpcSocket socket = connect(within(10_000))) {
            assertThatThrownBy(() -> now(socket.call("no_such")))
                    .cause()
                    .isInstanceOfSatisfying(
                            RpcErrorException.class, e -> assertThat(e.code()).isEqualTo(-32601))
                    .hasMessage("Method not found");
        }
    }

    @Test
    void aLateAnswerIsNone() throws Exception {
        node.slow(Duration.ofMillis(600));
        try (RpcSocket socket = connect(within(100))) {
            assertThatThrownBy(() -> now(socket.call("system_chain")))
                    .cause()
                    .isInstanceOf(RpcLostException.class)
                    .hasMessage("no answer to system_chain within 100 ms");
            assertThat(now(socket.callWithin(SOON, "system_chain")).asText())
                    .isEqualTo("Fake TFChain");
        }
    }

    @Test
    void callsThatWaitAreBounded() throws Exception {
        node.slow(Duration.ofSeconds(10));
        try (RpcSocket socket = connect(new RpcSettings(SOON, SOON, 3, 1 << 20))) {
            for (int i = 0; i < 3; i++) {
                assertThat(socket.call("system_chain").toCompletableFuture()).isNotDone();
            }
            assertThatThrownBy(() -> now(socket.call("system_chain")))
                    .cause()
                    .isInstanceOf(RpcLostException.class)
                    .hasMessageContaining("more than 3 calls");
        }
    }

    @Test
    void aMessageThatIsTooLongEndsTheConnection() throws Exception {
        try (RpcSocket socket = connect(new RpcSettings(SOON, SOON, 10, 1000))) {
            assertThatThrownBy(() -> now(socket.call("state_getMetadata")))
                    .hasMessageContaining("longer than 1000 characters");
            assertThat(now(socket.ended())).contains("longer than 1000");
        }
    }

    @Test
    void whoWaitsLearnsThatTheConnectionEnded() throws Exception {
        node.slow(Duration.ofSeconds(10));
        RpcSocket socket = connect(within(20_000));
        var answer = socket.call("system_chain");
        Awaitility.await().atMost(SOON).until(() -> node.calls("system_chain") == 1);
        node.cut();

        assertThatThrownBy(() -> now(answer)).cause().isInstanceOf(RpcLostException.class);
        assertThatThrownBy(() -> now(socket.call("system_chain")))
                .hasMessageContaining("the connection has ended");
    }

    @Test
    void aNodeThatIsNotThereIsSaidSo() {
        node.close();
        assertThatThrownBy(() -> connect(within(1000)))
                .cause()
                .isInstanceOf(RpcLostException.class)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void aSubscriptionTellsUntilItIsEnded() throws Exception {
        var heads = new ConcurrentLinkedQueue<String>();
        try (RpcSocket socket = connect(within(10_000))) {
            String name =
                    now(socket.subscribe(
                                    head -> heads.add(head.path("number").asText()),
                                    "chain_subscribeNewHeads"))
                            .asText();
            chain.blocks(2);
            Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(heads).endsWith("0x2"));
            socket.unsubscribe("chain_unsubscribeNewHeads", name);
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> node.calls("chain_unsubscribeNewHeads") == 1);
            int heard = heads.size();
            chain.blocks(1);
            assertThat(now(socket.call("system_chain")).asText()).isEqualTo("Fake TFChain");
            assertThat(heads).hasSize(heard);
        }
    }

    @Test
    void silenceEndsTheConnectionAndPongsBreakIt() throws Exception {
        try (RpcSocket socket = connect(within(10_000))) {
            for (int i = 0; i < 3; i++) {
                socket.keepAlive(SOON);
                assertThat(now(socket.call("system_chain"))).isNotNull();
            }
            socket.keepAlive(Duration.ZERO);
            assertThat(now(socket.ended())).contains("nothing was heard");
        }
    }

    @Test
    void anAnswerOfAnyJsonIsHandedOn() throws Exception {
        node.answer("system_chain", JsonNodeFactory.instance.nullNode());
        try (RpcSocket socket = connect(within(10_000))) {
            assertThat(now(socket.call("system_chain")).isNull()).isTrue();
        }
    }

    @Test
    void aConnectionIsNotLeftOpenWhoseFirstMessageEndsIt() throws Exception {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setSoTimeout((int) SOON.toMillis());
            var connecting =
                    RpcSocket.connect(
                            http,
                            URI.create("ws://127.0.0.1:" + listening.getLocalPort()),
                            within(10_000));
            try (Socket client = listening.accept()) {
                client.setSoTimeout((int) SOON.toMillis());
                acceptWith(client, new byte[] {(byte) 0x82, 0});

                // The end, or a reset where something of the client's was not read.
                assertThat(endOf(client)).isTrue();
            }
            assertThat(now(connecting).ended().toCompletableFuture()).isDone();
        }
    }

    private static boolean endOf(Socket client) throws IOException {
        try {
            client.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Accepts a WebSocket with frames right behind the answer, in one piece. */
    private static void acceptWith(Socket client, byte[] frames) throws Exception {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
        String key = "";
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            if (line.startsWith("Sec-WebSocket-Key: ")) {
                key = line.substring("Sec-WebSocket-Key: ".length());
            }
        }
        byte[] accepted =
                MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII));
        var answer = new ByteArrayOutputStream();
        answer.writeBytes(
                ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: "
                                + Base64.getEncoder().encodeToString(accepted)
                                + "\r\n\r\n")
                        .getBytes(US_ASCII));
        answer.writeBytes(frames);
        client.getOutputStream().write(answer.toByteArray());
    }
}
