package dev.rmb.gateway.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rmb.gateway.Frames;
import dev.rmb.gateway.Peer;
import dev.rmb.gateway.TestTwin;
import dev.rmb.proto.Envelope;
import dev.rmb.server.config.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is not let in, however often and slowly it tries; and what a name may be. */
final class HandshakeAttacksTest extends HostileTest {
    private static final int SLOW = 2_000;
    private static final int SLOW_FRAMES = 500;
    private static final int BAD_TOKENS = 3_000;
    private static final int NAMES = 10_000;
    private static final int THREADS = 4;

    /** The default of {@code sessions.maxPerTwin}. */
    private static final int MAX_PER_TWIN = 1_000;

    @Test
    void whoShakesHandsByteByByteIsDisconnectedInTime() throws IOException {
        String request = Peer.upgradeRequest("/?" + relay.alice.token(named("slow")));
        expectAllLeave(relay.http(), SLOW, WebSocketAttacksTest.ascii(request));
    }

    @Test
    void soIsWhoSendsATokensFrameByteByByte() throws IOException {
        assumeTrue(relay.tcp().isPresent());
        byte[] token = relay.alice.token(named("slow")).getBytes(UTF_8);
        expectAllLeave(relay.tcp().orElseThrow(), SLOW_FRAMES, Frames.bytes(Frames.TOKEN, token));
    }

    /** Each is at another byte, and none gets to its end before its time is over. */
    private static void expectAllLeave(HostPort to, int count, byte[] bytes) throws IOException {
        try (var crowd = new Crowd().join(to, count)) {
            var next = new AtomicInteger();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        crowd.say(new byte[] {bytes[next.getAndIncrement()]});
                        return crowd.listen() == 0;
                    });
        }
    }

    @Test
    void wronglySignedTokensAreRefusedHoweverManyThereAre() throws Exception {
        var forger = new TestTwin(relay.alice.id, 666);
        Map<String, Integer> answers =
                inParallel(BAD_TOKENS, i -> status(forger.token("bad " + i % 50)));

        assertThat(answers.keySet()).isSubsetOf("401", "503");
        assertThat(answers.get("401")).isGreaterThan(BAD_TOKENS / 2);
        connect(relay.alice, "after bad tokens").close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "e30.e30.e30",
                "eyJhbGciOiJub25lIn0.e30.",
                "%00%00",
                "token=x",
                "....................................................................",
            })
    void whatIsNoTokenIsRefused(String token) throws IOException {
        assertThat(status(token)).isEqualTo("401");
    }

    @Test
    void aTokenOfOneTwinIsNoTokenOfAnother() throws IOException {
        String[] parts = relay.alice.token(named("stolen")).split("\\.", -1);
        String claims =
                new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)
                        .replace("\"sub\":" + relay.alice.id, "\"sub\":" + relay.bob.id);
        assertThat(claims).contains("\"sub\":" + relay.bob.id);
        String forged =
                parts[0]
                        + "."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(claims.getBytes(UTF_8))
                        + "."
                        + parts[2];

        assertThat(status(forged)).isEqualTo("401");
        assertThat(status(new TestTwin(relay.bob.id, relay.alice.id).token("stolen")))
                .isEqualTo("401");
        assertThat(status(relay.alice.expiredToken())).isEqualTo("401");
    }

    @Test
    void nobodySpeaksForAnotherOnItsOwnSession() throws IOException {
        try (var alice = connect(relay.alice, "mask");
                var bob = connect(relay.bob, "mask")) {
            alice.send(request(relay.bob, "mask", relay.bob, "mask", "not bob's"));
            assertThat(alice.nextEnvelope().getError().getMessage())
                    .isEqualTo("message wrong source");
            alice.send(request(relay.alice, "other", relay.bob, "mask", "not this one's"));
            assertThat(alice.nextEnvelope().getError().getMessage())
                    .isEqualTo("message wrong source");

            Envelope honest = request(relay.alice, "mask", relay.bob, "mask", "alice's");
            alice.send(honest);
            assertThat(bob.nextEnvelope()).isEqualTo(honest);
        }
    }

    @Test
    void namesOfNulAndControlCharactersAreNamesLikeOthers() throws IOException {
        String name = "\u0000\u0001\r\n\u001b[2J\u007f\u0085\u202e\"\\{}$(reboot)'";
        try (var alice = connect(relay.alice, "names");
                var bob = connect(relay.bob, name)) {
            Envelope sent = request(relay.alice, "names", relay.bob, name, "r1");
            alice.send(sent);

            assertThat(bob.nextEnvelope()).isEqualTo(sent);
        }
    }

    @Test
    void aNameIsNotLongerThanItMayBe() throws IOException {
        assertThat(status(tokenNamed("x".repeat(1_025)))).isEqualTo("401");
        assertThat(status(tokenNamed("ä".repeat(513)))).isEqualTo("401");
    }

    /** A token of Alice's that a client of ours would not issue. */
    private String tokenNamed(String name) {
        long now = Instant.now().getEpochSecond();
        return relay.alice.tokenOf(
                "{\"sub\":%d,\"sid\":\"%s\",\"iat\":%d,\"exp\":%d}"
                        .formatted(relay.alice.id, name, now, now + 60));
    }

    @Test
    void ofTenThousandNamesOfOneTwinSoManyAreLetInAsMayBe() throws Exception {
        List<Peer> let = new ArrayList<>();
        try {
            Map<String, Integer> answers =
                    inParallel(
                            NAMES,
                            i -> {
                                Peer peer = Peer.silent(relay.http());
                                peer.raw(
                                        WebSocketAttacksTest.ascii(
                                                Peer.upgradeRequest(
                                                        "/?"
                                                                + relay.bob.token(
                                                                        named("many" + i)))));
                                Peer.Answer answer = peer.answer();
                                if (answer.status() == 101) {
                                    synchronized (let) {
                                        let.add(peer);
                                    }
                                } else {
                                    peer.close();
                                }
                                return answer.status() + " " + answer.body();
                            });

            // Those that are being let in at once are not counted yet.
            assertThat(let).hasSizeBetween(MAX_PER_TWIN - 10, MAX_PER_TWIN + THREADS);
            assertThat(answers)
                    .containsOnlyKeys("101 ", "429 too many connections")
                    .containsEntry("429 too many connections", NAMES - let.size());
        } finally {
            for (Peer peer : let) {
                peer.reset();
            }
        }
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> connect(relay.bob, "after many").close());
    }

    private String status(String token) throws IOException {
        return String.valueOf(
                Peer.refused(relay.http(), Peer.upgradeRequest("/?" + token)).status());
    }

    private interface Attempt {
        String answer(int i) throws IOException;
    }

    /** How often each answer came. */
    private static Map<String, Integer> inParallel(int count, Attempt attempt) throws Exception {
        var next = new AtomicInteger();
        Map<String, Integer> answers = new TreeMap<>();
        ExecutorService threads =
                Executors.newFixedThreadPool(
                        THREADS, Thread.ofPlatform().name("attack-", 0).daemon().factory());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                running.add(
                        threads.submit(() -> {
                            for (int i; (i = next.getAndIncrement()) < count; ) {
                                String answer = attempt.answer(i);
                                synchronized (answers) {
                                    answers.merge(answer, 1, Integer::sum);
                                }
                            }
                            return null;
                        }));
            }
            for (Future<?> each : running) {
                each.get(PATIENCE.toMillis() * 2, TimeUnit.MILLISECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        return answers;
    }
}
