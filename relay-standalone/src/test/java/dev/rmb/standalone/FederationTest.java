package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.proto.Response;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.server.config.HostPort;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.Standalone;
import dev.rmb.standalone.node.StandaloneOptions;
import dev.rmb.testing.ScriptedRelay;
import dev.rmb.testing.ScriptedRelay.Reply;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two whole relays, each with a log of its own and a domain of its own, and a third that does as it
 * is told.
 */
@Timeout(120)
final class FederationTest {
    /** On the first relay; the caller in most tests. */
    private static final long ALICE = 1;

    /** On the second relay. */
    private static final long BOB = 2;

    /** On the third relay and, if that fails, on the second. */
    private static final long CAROL = 3;

    /** On the third relay alone. */
    private static final long DAVE = 4;

    /** By the first relay's directory on the second, by the second's on the first. */
    private static final long EVE = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private static Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static ScriptedRelay third;

    @SuppressWarnings("NullAway.Init")
    private static Node first;

    @SuppressWarnings("NullAway.Init")
    private static Node second;

    private final List<RawPeer> peers = new ArrayList<>();
    private static int uids;
    private static int names;

    @BeforeAll
    static void startRelays() throws Exception {
        third = ScriptedRelay.start();
        int firstPort = freePort();
        int secondPort = freePort();
        String firstDomain = "127.0.0.1:" + firstPort;
        String secondDomain = "127.0.0.1:" + secondPort;
        first = start("first", firstPort, firstDomain, firstDomain, secondDomain, secondDomain);
        second = start("second", secondPort, secondDomain, firstDomain, secondDomain, firstDomain);
    }

    @AfterAll
    static void stopRelays() {
        first.close();
        second.close();
        third.close();
    }

    @BeforeEach
    void thirdTakesEverything() {
        third.always(Reply.ACCEPTED);
    }

    @AfterEach
    void leave() {
        peers.forEach(RawPeer::close);
    }

    @Test
    void aRequestAndItsAnswerCrossBothWaysByteForByte() throws Exception {
        RawPeer alice = connect(first, ALICE, "laptop");
        RawPeer bob = connect(second, BOB, null);
        byte[] request = request(alice, bob.address(), "");
        alice.send(request);
        assertThat(bob.next()).isEqualTo(request);

        byte[] response =
                signed(
                        Envelope.newBuilder()
                                .setUid(Envelope.parseFrom(request).getUid())
                                .setResponse(Response.getDefaultInstance()),
                        bob.address(),
                        alice.address());
        bob.send(response);

        assertThat(alice.next()).isEqualTo(response);
    }

    @Test
    void aThousandMessagesArriveInOrder() throws Exception {
        RawPeer alice = alice();
        RawPeer bob = connect(second, BOB, "many");
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] request = request(alice, bob.address(), "");
            sent.add(request);
            alice.send(request);
        }
        for (byte[] request : sent) {
            assertThat(bob.next()).isEqualTo(request);
        }
    }

    @Test
    void mailWaitsAtTheOtherRelayUntilItsTwinConnects() throws Exception {
        RawPeer alice = alice();
        byte[] request = request(alice, new Address(BOB, "later"), "");
        alice.send(request);

        assertThat(connect(second, BOB, "later").next()).isEqualTo(request);
    }

    @Test
    void failFastToAnOfflineTwinOfTheOtherRelayIsToldSo() throws Exception {
        RawPeer alice = alice();
        alice.send(request(alice, new Address(BOB, "nobody"), "fail-fast"));
        assertThat(error(alice)).isEqualTo("destination offline");
    }

    @Test
    void failFastToAConnectedTwinOfTheOtherRelayArrives() throws Exception {
        RawPeer alice = alice();
        RawPeer bob = connect(second, BOB, "here");
        byte[] request = request(alice, bob.address(), "fail-fast");
        alice.send(request);
        assertThat(bob.next()).isEqualTo(request);
    }

    @Test
    void whenOneRelayOfATwinFailsTheOtherOneIsTried() throws Exception {
        third.always(Reply.status(500));
        RawPeer alice = alice();
        RawPeer carol = connect(second, CAROL, null);
        for (int i = 0; i < 10; i++) {
            byte[] request = request(alice, carol.address(), "");
            alice.send(request);
            assertThat(carol.next()).isEqualTo(request);
        }
    }

    @Test
    void relaysThatThinkATwinIsTheOthersDoNotThrowItsMailBackAndForth() throws Exception {
        RawPeer alice = alice();
        alice.send(request(alice, new Address(EVE, null), ""));
        assertThat(error(alice)).isEqualTo("destination offline");
    }

    @Test
    void whatNobodySignedIsRefusedByTheOtherRelay() throws Exception {
        RawPeer alice = alice();
        RawPeer bob = connect(second, BOB, "strict");
        alice.send(
                TestEnvelopes.request(alice.address(), bob.address(), "unsigned", new byte[] {1}));
        assertThat(error(alice)).isEqualTo("destination offline");
    }

    @Test
    void aRelayThatIsSilentForAWhileGetsItsMessagesAfterwards() throws Exception {
        third.always(Reply.SILENCE);
        RawPeer alice = alice();
        Address dave = new Address(DAVE, "patient");
        int before = third.accepted().size();
        byte[] request = request(alice, dave, "");
        int requests = third.requests();
        alice.send(request);
        await().atMost(PATIENCE).until(() -> third.requests() > requests);

        third.always(Reply.ACCEPTED);

        await().atMost(PATIENCE).until(() -> third.accepted().size() > before);
        assertThat(third.accepted().get(before)).isEqualTo(request);
    }

    @Test
    void whatARelayNeverTakesExpires() throws Exception {
        third.always(Reply.status(503));
        RawPeer alice = alice();
        alice.send(request(alice, new Address(DAVE, "expiring"), "", 2));
        assertThat(error(alice)).isEqualTo("message has expired");
    }

    private static Node start(
            String name, int port, String domain, String ofAlice, String ofBob, String ofEve)
            throws Exception {
        List<String> lines =
                List.of(
                        twin(ALICE, ofAlice),
                        twin(BOB, ofBob),
                        twin(CAROL, third.domain() + "_" + ofBob),
                        twin(DAVE, third.domain()),
                        twin(EVE, ofEve));
        Path twins = Files.write(directory.resolve(name + ".jsonl"), lines);
        return Standalone.start(
                new StandaloneOptions(
                        directory.resolve(name),
                        HostPort.parse("127.0.0.1:" + port),
                        HostPort.parse("127.0.0.1:0"),
                        List.of(domain),
                        "file:" + twins,
                        false,
                        Map.of(
                                "RMB_ROUTER_FEDERATION_PLAIN_HTTP", "[\"*\"]",
                                "RMB_ROUTER_FEDERATION_ALLOW_PRIVATE", "true",
                                "RMB_ROUTER_FEDERATION_TIMEOUT", "1s",
                                "RMB_ROUTER_FEDERATION_RETRY_AT_MOST", "2s",
                                "RMB_LOGGING_LEVEL", "WARN")));
    }

    private static String twin(long id, String relay) {
        return "{\"id\":%d,\"account\":\"%s\",\"relay\":\"%s\"}"
                .formatted(id, TestTwins.key(id).account(), relay);
    }

    /**
     * Under a name that no other test has: what a session that ended had not confirmed comes again
     * to the next one of the same address.
     */
    private RawPeer alice() throws Exception {
        return connect(first, ALICE, "alice-" + names++);
    }

    private RawPeer connect(Node relay, long twin, @org.jspecify.annotations.Nullable String name)
            throws Exception {
        URI uri = URI.create("ws://" + Objects.requireNonNull(relay.clients()));
        RawPeer peer = TestTwins.connect(uri, twin, name);
        peers.add(peer);
        return peer;
    }

    private static byte[] request(RawPeer from, Address to, String tags) {
        return request(from, to, tags, 300);
    }

    private static byte[] request(RawPeer from, Address to, String tags, long expiration) {
        Envelope.Builder envelope =
                Envelope.newBuilder()
                        .setUid("uid-" + uids++)
                        .setRequest(Request.newBuilder().setCommand("run"))
                        .setExpiration(expiration)
                        .setPlain(ByteString.copyFromUtf8("payload"));
        if (!tags.isEmpty()) {
            envelope.setTags(tags);
        }
        return signed(envelope, from.address(), to);
    }

    private static byte[] signed(Envelope.Builder envelope, Address from, Address to) {
        if (envelope.getExpiration() == 0) {
            envelope.setExpiration(300);
        }
        envelope.setTimestamp(System.currentTimeMillis() / 1_000)
                .setSource(wire(from))
                .setDestination(wire(to));
        return Envelopes.sign(envelope, TestTwins.key(from.twin())).toByteArray();
    }

    private static dev.rmb.proto.Address wire(Address address) {
        var wire = dev.rmb.proto.Address.newBuilder().setTwin((int) address.twin());
        String connection = address.connection();
        if (connection != null) {
            wire.setConnection(connection);
        }
        return wire.build();
    }

    private static String error(RawPeer peer) throws Exception {
        return Envelope.parseFrom(peer.next()).getError().getMessage();
    }

    /** Relays are named by their ports before they listen. */
    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
