package dev.rmb.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.cluster.bans.Bans;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.gateway.TestTwin;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.gateway.session.Presence;
import dev.rmb.gateway.session.Session;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.envelope.MalformedEnvelopeException;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.Twin;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is done to an envelope on its way, only what its source signed is taken. */
final class InspectionFuzzTest {
    private static final long NOW = 1_700_000_000;
    private static final int ROUNDS = 500;
    private static final TestTwin BOB = new TestTwin(2);
    private static final TestTwin CAROL = new TestTwin(3);

    /** Twins next to Carol's number, so that flipped bits find somebody, with other keys. */
    private static final InMemoryTwins TWINS =
            InMemoryTwins.of(
                    new TestTwin(1).record(),
                    BOB.record(),
                    new Twin(CAROL.id, CAROL.key.account(), "elsewhere.test", null),
                    new TestTwin(7).record(),
                    new TestTwin(11).record());

    static LongStream seeds() {
        return LongStream.range(0, 8);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsTakenWasSignedByItsSourceForATwinOfOurs(long seed)
            throws InvalidProtocolBufferException {
        var random = new SplittableRandom(seed);
        int taken = 0;
        try (var inspection =
                new Inspection(
                        "fuzz",
                        ConfigLoader.parse("", FederationSettings.class, Map.of()),
                        new RateLimits(() -> 0, () -> 0),
                        TWINS,
                        RelayDomains.of(List.of(TestTwin.HOME)),
                        new NobodyThere(),
                        new Bans(Clock.systemUTC()),
                        Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC))) {
            for (int i = 0; i < ROUNDS; i++) {
                Envelope sent =
                        Envelopes.sign(
                                CAROL.request(BOB, "u" + i).toBuilder()
                                        .setTags(i % 2 == 0 ? "fail-fast" : "x")
                                        .setTimestamp(NOW),
                                CAROL.key);
                byte[] bytes = changed(sent.toByteArray(), random);
                EnvelopeHeader header = scan(bytes);
                if (header == null) {
                    continue;
                }
                Answer answer = inspection.inspect(header, bytes).toCompletableFuture().join();
                // Nothing that a sender writes makes the relay stumble.
                assertThat(answer).isNotIn(Answer.BUSY, Answer.LOOK_UP_FAILED);
                if (answer == Answer.ACCEPTED || answer == Answer.OFFLINE) {
                    taken++;
                    Envelope got = Envelope.parseFrom(bytes);
                    assertThat(got.getSource().getTwin()).isEqualTo((int) CAROL.id);
                    assertThat(got.getDestination().getTwin()).isEqualTo((int) BOB.id);
                    assertThat(Envelopes.verify(got, CAROL.key.account())).isTrue();
                }
            }
        }
        assertThat(taken).isPositive();
    }

    /** A bit or some bytes of it are others, are gone or come twice; sometimes nothing is. */
    private static byte[] changed(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + random.nextInt(8));
        return switch (random.nextInt(6)) {
            case 0 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                yield bytes;
            }
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> spliced(bytes, at, end, at);
            case 3 -> spliced(bytes, at, at, end);
            case 4 -> {
                for (int i = at; i < end; i++) {
                    bytes[i] = (byte) random.nextInt();
                }
                yield bytes;
            }
            default -> bytes;
        };
    }

    /** All up to {@code end}, and again from {@code from}; without what is between at and end. */
    private static byte[] spliced(byte[] bytes, int at, int skipTo, int repeatTo) {
        byte[] head = Arrays.copyOf(bytes, Math.max(at, repeatTo));
        byte[] tail = Arrays.copyOfRange(bytes, skipTo, bytes.length);
        byte[] both = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, both, head.length, tail.length);
        return both;
    }

    private static @Nullable EnvelopeHeader scan(byte[] bytes) {
        try {
            return EnvelopeHeader.scan(bytes);
        } catch (MalformedEnvelopeException e) {
            return null;
        }
    }

    private static final class NobodyThere implements Presence {
        @Override
        public @Nullable Session opened(Session session) {
            return null;
        }

        @Override
        public boolean isPresent(Address address) {
            return false;
        }

        @Override
        public CompletionStage<Whereabouts> whereabouts(Address address) {
            return CompletableFuture.completedStage(Whereabouts.OFFLINE);
        }

        @Override
        public void closed(Session session) {}
    }
}
