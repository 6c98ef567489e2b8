package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.tfchain.fake.FakeChain;
import dev.rmb.tfchain.fake.FakeNode;
import dev.rmb.tfchain.twin.ChainTwin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay whose twins are on a chain. */
final class TfchainTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void aTwinThatIsOnlyOnTheChainConnectsAndIsJudgedByItsRecordOfNow() throws Exception {
        var chain = new FakeChain();
        chain.put(twin(1, TestTwins.key(1), "localhost"), twin(2, TestTwins.key(2), "localhost"));
        try (FakeNode first = FakeNode.start(chain);
                FakeNode second = FakeNode.start(chain);
                RelayProcess relay = up(first, second);
                RawPeer sender = TestTwins.connect(relay.ws(), 1, null)) {
            var to = new Address(2, null);
            sender.send(request(sender.address(), to, "kept"));
            try (RawPeer receiver = TestTwins.connect(relay.ws(), 2, null)) {
                assertThat(text(receiver.next())).isEqualTo("kept");
            }
            assertThatThrownBy(() -> TestTwins.connect(relay.ws(), 3, null))
                    .hasMessageContaining("WebSocketHandshakeException");

            // The relay of a twin is taken away: nothing is kept for it any more.
            chain.put(twin(2, TestTwins.key(2), null));
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> {
                        sender.send(request(sender.address(), to, "lost"));
                        byte[] answer = sender.nextWithin(Duration.ofSeconds(2));
                        assertThat(answer).isNotNull();
                        assertThat(Envelope.parseFrom(answer).hasError()).isTrue();
                    });

            // Its key changes, with one of the nodes away: the old one does not open the door.
            first.refuse(true);
            try (KeyPair next = KeyPair.of(KeyType.SR25519, "//Next")) {
                chain.block(draft ->
                        draft.delete(twin(1, TestTwins.key(1), "localhost"))
                                .put(twin(1, next, "localhost")));
                Awaitility.await()
                        .atMost(SOON)
                        .untilAsserted(() ->
                                assertThatThrownBy(() -> TestTwins.connect(relay.ws(), 1, "old"))
                                        .hasMessageContaining("WebSocketHandshakeException"));
                try (RawPeer renewed = RawPeer.connect(relay.ws(), new Address(1, "new"), next)) {
                    assertThat(renewed.address().twin()).isEqualTo(1);
                }
            }

            // Without any node, who is known still gets in.
            second.refuse(true);
            try (RawPeer known = TestTwins.connect(relay.ws(), 2, "again")) {
                assertThat(known.address().twin()).isEqualTo(2);
            }
            assertThat(relay.terminate()).isZero();
        }
    }

    private RelayProcess up(FakeNode first, FakeNode second) throws Exception {
        return RelayProcess.up(directory, "tfchain:" + first.uri() + "," + second.uri());
    }

    private static ChainTwin twin(long id, KeyPair key, @Nullable String relay) {
        return new ChainTwin(id, key.account(), relay, null);
    }

    private static byte[] request(Address from, Address to, String text) {
        return TestEnvelopes.request(from, to, text, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] envelope) throws Exception {
        return Envelope.parseFrom(envelope).getPlain().toStringUtf8();
    }
}
