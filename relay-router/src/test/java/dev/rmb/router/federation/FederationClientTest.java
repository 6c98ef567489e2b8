package dev.rmb.router.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.Outgoing;
import dev.rmb.testing.ScriptedRelay;
import dev.rmb.testing.ScriptedRelay.Reply;
import dev.rmb.testing.TestAuthority;
import io.dropwizard.util.DataSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages over real sockets to relays that fail in all kinds of ways. */
@Timeout(60)
final class FederationClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MetricRegistry metrics = new MetricRegistry();
    private final List<String> answers = Collections.synchronizedList(new ArrayList<>());
    private final List<String> back = Collections.synchronizedList(new ArrayList<>());

    @TempDir private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private ScriptedRelay relay;

    @SuppressWarnings("NullAway.Init")
    private FederationClient federation;

    @BeforeEach
    void start() throws Exception {
        relay = ScriptedRelay.start();
        federation = client(List.of("*"), true, null);
    }

    @AfterEach
    void stop() {
        federation.close();
        relay.close();
    }

    @Test
    void messagesOfATrainArriveInOrderOverOneConnection() {
        send(100, relay.domain());

        awaitAnswers(100);
        assertThat(answers).allMatch(answer -> answer.endsWith("ACCEPTED"));
        assertThat(relay.accepted().stream().map(FederationClientTest::text).toList())
                .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "message " + i).toList());
        assertThat(relay.connections()).isEqualTo(1);
        assertThat(metrics.counter("federation_message_success").getCount()).isEqualTo(100);
    }

    @Test
    void everyFourHundredIsFinalAndSaysWhich() {
        relay.always(Reply.status(404));
        assertThat(one()).isEqualTo("0 OFFLINE");
        relay.always(Reply.status(400));
        assertThat(one()).isEqualTo("0 REFUSED");
        relay.always(Reply.status(403));
        assertThat(one()).isEqualTo("0 REFUSED");
        relay.always(Reply.status(421));
        assertThat(one()).isEqualTo("0 NOT_THERE");

        assertThat(relay.requests()).isEqualTo(4);
        assertThat(federation.relays().getFirst().failuresLately()).isZero();
    }

    @Test
    void whatIsNoAnswerOfARelayIsTriedInThreePassesAndPutOff() {
        List<Reply> faults =
                List.of(
                        Reply.status(500),
                        Reply.status(503),
                        Reply.status(429),
                        Reply.status(200),
                        Reply.HANG_UP,
                        Reply.raw("no http at all\r\n\r\n", true),
                        Reply.raw(
                                lines("HTTP/1.1 302 Found", "Location: /", "Content-Length: 0"),
                                false),
                        Reply.raw("HTTP/1.1 202 Accepted\r\n", true),
                        Reply.raw("HTTP/1.1 202 " + "x".repeat(5_000), true));
        for (int i = 0; i < faults.size(); i++) {
            int before = relay.requests();
            relay.always(faults.get(i));

            assertThat(one()).as("fault %d", i).isEqualTo("0 FAILED");

            // One more where the connection may have been closed before.
            assertThat(relay.requests() - before).as("fault %d", i).isBetween(3, 4);
        }
        RelayState state = federation.relays().getFirst();
        assertThat(state.failuresLately()).isEqualTo(3 * faults.size());
        assertThat(state.inFlight()).isZero();
        assertThat(state.lastError()).isNotNull();
        assertThat(metrics.counter("federation_message_error").getCount()).isEqualTo(faults.size());
    }

    @Test
    void aRelayThatAcceptsConnectionsAndNeverAnswersIsGivenUpInTime() {
        relay.always(Reply.SILENCE);
        long began = System.nanoTime();

        assertThat(one()).isEqualTo("0 FAILED");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(federation.relays().getFirst().lastError()).contains("no answer within 500 ms");
    }

    @Test
    void theNextRelayOfATwinIsTriedAndRankedFirstFromThenOn() throws Exception {
        try (ScriptedRelay good = ScriptedRelay.start()) {
            relay.always(Reply.status(500));
            for (int i = 0; i < 10; i++) {
                send(1, relay.domain(), good.domain());
                awaitAnswers(1);
                assertThat(answers).containsExactly("0 ACCEPTED");
                answers.clear();
            }

            assertThat(good.accepted()).hasSize(10);
            // By chance it was the first one, but only until it had failed.
            assertThat(relay.requests()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void failuresCanBeForgotten() {
        relay.always(Reply.status(500));
        assertThat(one()).isEqualTo("0 FAILED");

        assertThat(federation.reset(relay.domain())).isTrue();
        assertThat(federation.reset("nobody.example.org")).isFalse();

        assertThat(federation.relays().getFirst().failuresLately()).isZero();
        assertThat(back).containsExactly("reset " + relay.domain());
    }

    @Test
    void aRelayThatAnswersAgainIsAnnounced() {
        relay.always(Reply.status(500));
        assertThat(one()).isEqualTo("0 FAILED");
        relay.always(Reply.ACCEPTED);
        assertThat(one()).isEqualTo("0 ACCEPTED");

        assertThat(back).containsExactly("back " + relay.domain());
    }

    @Test
    void aConnectionThatWasClosedWhileNobodyUsedItIsReplacedAtOnce() throws Exception {
        assertThat(one()).isEqualTo("0 ACCEPTED");
        int port = relay.port();
        relay.close();
        relay = ScriptedRelay.start(port);

        assertThat(one()).isEqualTo("0 ACCEPTED");

        assertThat(federation.relays().getFirst().failuresLately()).isZero();
    }

    @Test
    void anAnswerWithALongBodyCostsTheConnectionAndNothingElse() {
        relay.always(
                Reply.raw(
                        lines("HTTP/1.1 404 Not Found", "Content-Length: 10000000")
                                + "x".repeat(200_000),
                        false));

        assertThat(one()).isEqualTo("0 OFFLINE");
        assertThat(one()).isEqualTo("0 OFFLINE");

        assertThat(relay.connections()).isEqualTo(2);
    }

    @Test
    void theStatusCountsEvenIfTheRestOfTheAnswerNeverComes() {
        List<Reply> halves =
                List.of(
                        Reply.raw(
                                lines("HTTP/1.1 202 Accepted", "Content-Length: 10") + "half",
                                true),
                        Reply.raw(
                                lines("HTTP/1.1 202 Accepted", "Content-Length: 10") + "half",
                                false),
                        Reply.raw(
                                lines("HTTP/1.1 202 Accepted", "Transfer-Encoding: chunked")
                                        + "no chunk\r\n",
                                false),
                        Reply.raw(lines("HTTP/1.0 202 Accepted"), true),
                        Reply.raw(lines("HTTP/1.0 202 Accepted", "Connection: keep-alive"), false));
        for (int i = 0; i < halves.size(); i++) {
            int before = relay.requests();
            relay.always(halves.get(i));

            assertThat(one()).as("half %d", i).isEqualTo("0 ACCEPTED");

            assertThat(relay.requests() - before).as("half %d", i).isEqualTo(1);
        }
        assertThat(federation.relays().getFirst().failuresLately()).isZero();
    }

    @Test
    void connectionsThatNeverCameAboutAreNotCounted() {
        String domain = relay.domain();
        assertThat(one()).isEqualTo("0 ACCEPTED");
        assertThat(openConnections()).isEqualTo(1);

        relay.close();
        assertThat(one(domain)).isEqualTo("0 FAILED");

        await().atMost(PATIENCE).until(() -> openConnections() == 0);
    }

    @Test
    void whatFoundNoRoomWasNotTried() {
        relay.always(Reply.SILENCE);
        for (int i = 0; i < 4; i++) {
            send(1, relay.domain());
        }
        await().atMost(PATIENCE).until(() -> relay.requests() == 4);

        // Two partitions may have seen the same room.
        send(1, relay.domain());

        awaitAnswers(1);
        assertThat(answers).containsExactly("0 NOT_TRIED");
    }

    @Test
    void twoRelaysThatMayNotBeSpokenToAreNoBetterThanOne() {
        federation.close();
        federation = client(List.of("*"), false, null);

        send(1, relay.domain(), "127.0.0.1:2000", "what is this");

        awaitAnswers(1);
        assertThat(answers).containsExactly("0 NO_USABLE_RELAY");
    }

    @Test
    void anAddressStaysWithOneOfTwoRelaysThatAreEquallyGood() throws Exception {
        try (ScriptedRelay other = ScriptedRelay.start()) {
            for (int i = 0; i < 20; i++) {
                answers.clear();
                send(1, relay.domain(), other.domain());
                awaitAnswers(1);
            }
            assertThat(List.of(relay.requests(), other.requests())).contains(20, 0);

            for (long twin = 1; twin <= 40; twin++) {
                answers.clear();
                send(Address.of(twin), 1, relay.domain(), other.domain());
                awaitAnswers(1);
            }
            assertThat(relay.requests()).isBetween(5, 55);
        }
    }

    @Test
    void plainRelaysMayBeWrittenAsClientsWriteThem() {
        federation.close();
        federation = client(List.of("http://LocalHost:" + relay.port() + "/"), true, null);

        assertThat(one("localhost:" + relay.port())).isEqualTo("0 ACCEPTED");
    }

    @Test
    void anInterimAnswerIsNotTheAnswer() {
        relay.always(
                Reply.raw(
                        lines("HTTP/1.1 100 Continue")
                                + lines("HTTP/1.1 202 Accepted", "Content-Length: 0"),
                        false));

        assertThat(one()).isEqualTo("0 ACCEPTED");
        assertThat(one()).isEqualTo("0 ACCEPTED");
        assertThat(relay.connections()).isEqualTo(1);
    }

    @Test
    void addressesThatAreNotPublicAreNotSpokenToUnlessThatIsAllowed() {
        federation.close();
        federation = client(List.of("*"), false, null);

        assertThat(one()).isEqualTo("0 NO_USABLE_RELAY");
        assertThat(one("localhost:" + relay.port())).isEqualTo("0 NO_USABLE_RELAY");
        assertThat(one("[::1]:" + relay.port())).isEqualTo("0 NO_USABLE_RELAY");
        assertThat(one("example.org:22")).isEqualTo("0 NO_USABLE_RELAY");
        assertThat(one("what is this")).isEqualTo("0 NO_USABLE_RELAY");
        assertThat(relay.connections()).isZero();
    }

    @Test
    void certificatesAreChecked() throws Exception {
        TestAuthority authority = new TestAuthority("authority");
        Path trust = directory.resolve("trust.pem");
        authority.writeTrust(trust);
        federation.close();
        federation = client(List.of(), true, trust);
        try (ScriptedRelay right =
                        ScriptedRelay.startSecure(authority.identity("127.0.0.1").keyStore());
                ScriptedRelay otherName =
                        ScriptedRelay.startSecure(authority.identity("r.example.org").keyStore());
                ScriptedRelay stranger =
                        ScriptedRelay.startSecure(
                                new TestAuthority("stranger").identity("127.0.0.1").keyStore())) {
            assertThat(one(right.domain())).isEqualTo("0 ACCEPTED");
            assertThat(one(otherName.domain())).isEqualTo("0 FAILED");
            assertThat(one(stranger.domain())).isEqualTo("0 FAILED");
            // Plain HTTP is spoken only where that is set.
            assertThat(one(relay.domain())).isEqualTo("0 FAILED");

            assertThat(otherName.requests() + stranger.requests() + relay.requests()).isZero();
        }
    }

    @Test
    void relaysThatSwallowEverythingLeaveRoomForThoseThatAnswer() throws Exception {
        List<ScriptedRelay> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                ScriptedRelay one = ScriptedRelay.start();
                one.always(Reply.SILENCE);
                silent.add(one);
                while (federation.mayPost(List.of(one.domain()))) {
                    send(1, one.domain());
                }
            }
            // Half of all is as much as relays get that have not answered yet.
            assertThat(federation.mayPost(List.of(relay.domain()))).isFalse();
            assertThat(one()).isEqualTo("0 ACCEPTED");
            assertThat(federation.mayPost(List.of(relay.domain()))).isTrue();
        } finally {
            silent.forEach(ScriptedRelay::close);
        }
    }

    @Test
    void pausesGrowUpToABound() {
        assertThat(federation.pauseMs(1)).isBetween(100L, 300L);
        assertThat(federation.pauseMs(3)).isBetween(400L, 1_000L);
        assertThat(federation.pauseMs(Integer.MAX_VALUE)).isBetween(500L, 1_000L);
    }

    @Test
    void aStopWaitsForWhatIsUnderWayAndBeginsNothing() throws Exception {
        relay.script(envelope -> {
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            return Reply.ACCEPTED;
        });
        send(10, relay.domain());
        await().atMost(PATIENCE).until(() -> relay.requests() > 0);

        federation.stop();

        assertThat(answers).contains("0 ACCEPTED");
        assertThat(answers.getLast()).endsWith("NOT_TRIED");
        assertThat(relay.requests()).isEqualTo(answers.size() - 1);
        assertThat(federation.mayPost(List.of(relay.domain()))).isFalse();
    }

    private String one() {
        return one(relay.domain());
    }

    /** Sends one message; what became of it. */
    private String one(String domain) {
        answers.clear();
        send(1, domain);
        awaitAnswers(1);
        return answers.getFirst();
    }

    private int openConnections() {
        return (int)
                Objects.requireNonNull(metrics.getGauges().get("rmb_router_federation_connections"))
                        .getValue();
    }

    private void send(int messages, String... domains) {
        send(Address.of(7), messages, domains);
    }

    private void send(Address to, int messages, String... domains) {
        List<Outgoing> train =
                IntStream.range(0, messages)
                        .mapToObj(i ->
                                new Outgoing(i, ("message " + i).getBytes(StandardCharsets.UTF_8)))
                        .toList();
        federation.post(
                new Train(
                        to,
                        List.of(domains),
                        train,
                        () -> false,
                        (offset, what) -> answers.add(offset + " " + what)));
    }

    private void awaitAnswers(int count) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                .until(() -> answers.size() >= count);
    }

    private FederationClient client(
            List<String> plain, boolean allowPrivate, @Nullable Path trust) {
        var settings =
                new FederationSettings(
                        Duration.ofMillis(500),
                        3,
                        Duration.ofMillis(20),
                        Duration.ofHours(1),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1),
                        32,
                        128,
                        DataSize.mebibytes(32),
                        plain,
                        allowPrivate,
                        false,
                        trust);
        var client = new FederationClient(settings, "test", metrics, Clock.systemUTC());
        client.watch(
                new RelayWatcher() {
                    @Override
                    public void isBack(String domain) {
                        back.add("back " + domain);
                    }

                    @Override
                    public void isReset(String domain) {
                        back.add("reset " + domain);
                    }
                });
        return client;
    }

    private static String lines(String... head) {
        return String.join("\r\n", head) + "\r\n\r\n";
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
