package dev.rmb.peer.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.tfchain.Chain;
import dev.rmb.tfchain.ChainSettings;
import dev.rmb.tfchain.fake.FakeChain;
import dev.rmb.tfchain.fake.FakeNode;
import dev.rmb.tfchain.twin.ChainTwin;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Finding, creating and updating the own twin on a chain. */
final class OwnTwinTest {
    private static final String SECRET =
            "0x00000000000000000000000000000000000000000000000000000000000abcde";
    private static final List<URI> RELAYS =
            List.of(URI.create("wss://b.example.org"), URI.create("ws://a.example.org:8080"));
    private static final OwnTwin.Changes NONE = new OwnTwin.Changes(false, false);
    private static final OwnTwin.Changes UPDATE = new OwnTwin.Changes(false, true);
    private static final OwnTwin.Changes CREATE = new OwnTwin.Changes(true, true);

    private final FakeChain fake = new FakeChain();
    private final FakeNode node = FakeNode.start(fake);
    private final Chain chain = Chain.start(ChainSettings.of(List.of(node.uri())), null);
    private final EncryptionKey encryption = EncryptionKey.of(SECRET);

    @BeforeEach
    void someBlocks() {
        fake.blocks(3);
    }

    @AfterEach
    void close() {
        chain.close();
        node.close();
    }

    private OwnTwin own(KeyPair keys) {
        return new OwnTwin(keys, encryption, RELAYS);
    }

    private ChainTwin onChain(KeyPair keys) throws Exception {
        return chain.twin(keys.account())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void aMissingTwinIsCreatedWithItsRelaysAndKey(KeyType type) throws Exception {
        KeyPair keys = KeyPair.of(type, SECRET);
        assertThatThrownBy(() -> own(keys).onChain(chain, UPDATE))
                .isInstanceOf(OwnTwin.NotFoundException.class)
                .hasMessageContaining("--create-twin");

        long id = own(keys).onChain(chain, CREATE);

        ChainTwin made = onChain(keys);
        assertThat(made.id()).isEqualTo(id);
        assertThat(made.relay()).isEqualTo("a.example.org_b.example.org");
        assertThat(made.pk()).isEqualTo(encryption.publicKey());
    }

    @Test
    void aTwinWhoseRelaysDifferIsUpdatedUnlessThatIsOff() throws Exception {
        KeyPair keys = KeyPair.of(KeyType.SR25519, SECRET);
        fake.put(new ChainTwin(40, keys.account(), "old.example.org", null));

        assertThat(own(keys).onChain(chain, NONE)).isEqualTo(40);
        assertThat(onChain(keys).relay()).isEqualTo("old.example.org");

        assertThat(own(keys).onChain(chain, UPDATE)).isEqualTo(40);
        assertThat(onChain(keys).relay()).isEqualTo("a.example.org_b.example.org");
        assertThat(onChain(keys).pk()).isEqualTo(encryption.publicKey());
    }

    @Test
    void aTwinThatIsAsItShouldBeIsLeftAlone() throws Exception {
        KeyPair keys = KeyPair.of(KeyType.SR25519, SECRET);
        fake.put(
                new ChainTwin(
                        41, keys.account(), "b.example.org_a.example.org", encryption.publicKey()));
        fake.mine(false);

        assertThat(own(keys).onChain(chain, UPDATE)).isEqualTo(41);
        assertThat(fake.waiting()).isZero();
    }

    @Test
    void aRelayWithoutANameIsNotWrittenToTheChain() {
        KeyPair keys = KeyPair.of(KeyType.SR25519, SECRET);
        var own = new OwnTwin(keys, encryption, List.of(URI.create("ws://127.0.0.1:8080")));

        assertThatThrownBy(() -> own.onChain(chain, UPDATE))
                .isInstanceOf(OwnTwin.NotFoundException.class)
                .hasMessageContaining("--no-update");
    }
}
