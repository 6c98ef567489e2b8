package dev.rmb.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.gateway.TestTwin;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.server.config.ConfigLoader;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScreeningTest {
    private static final long NOW = 1_700_000_000;
    private static final long SKEW = 600;
    private static final TestTwin CAROL = new TestTwin(3);
    private static final TestTwin BOB = new TestTwin(2);

    private final Screening strict = new Screening(settings(""));
    private final Screening trusting = new Screening(settings("relayErrors: true"));

    @ParameterizedTest
    @CsvSource({
        // Right until the skew is used up.
        "0, 60, ",
        "-600, 0, ",
        "-601, 0, EXPIRED",
        "-659, 60, ",
        "-660, 60, ",
        "-661, 60, EXPIRED",
        "600, 60, ",
        "601, 60, FROM_THE_FUTURE",
        "0, 315360000, ",
        "0, 315360001, ABSURD_LIFETIME",
        "-315360000, 315360000, ",
        "-1700000000, 315360000, EXPIRED",
        "-1700000000, 0, EXPIRED",
        // Unsigned on the wire: 2^64 - 1 is no time before the epoch.
        "-1700000001, 60, FROM_THE_FUTURE",
        "0, -1, ABSURD_LIFETIME",
        "0, -9223372036854775808, ABSURD_LIFETIME",
    })
    void aLifetimeIsJudgedWithRoomForWrongClocks(
            long after, long expiration, @Nullable Answer refusal) {
        Envelope envelope =
                CAROL.request(BOB, "u").toBuilder()
                        .setTimestamp(NOW + after)
                        .setExpiration(expiration)
                        .build();

        assertThat(judge(strict, envelope)).isEqualTo(refusal);
    }

    @Test
    void aRelaysErrorHasAnUidAndNoSource() {
        Envelope error = Envelopes.relayError("u", new Address(2, null), 0, "mailbox full", NOW);

        assertThat(judge(strict, error)).isEqualTo(Answer.RELAY_ERROR);
        assertThat(judge(trusting, error)).isNull();
        assertThat(judge(trusting, error.toBuilder().setUid("").build()))
                .isEqualTo(Answer.RELAY_ERROR);
        // What is no error is nothing that a relay makes.
        Envelope request = CAROL.request(BOB, "u").toBuilder().clearSource().build();
        assertThat(judge(trusting, request)).isEqualTo(Answer.NO_SOURCE);
    }

    @Test
    void whatIsOfALaterKindIsLeftToItsReceiver() {
        Envelope kindless = CAROL.request(BOB, "u").toBuilder().clearRequest().build();

        assertThat(judge(strict, kindless)).isNull();
    }

    private static @Nullable Answer judge(Screening screening, Envelope envelope) {
        byte[] bytes = envelope.toByteArray();
        return screening.refusal(EnvelopeHeader.scan(bytes), bytes.length, NOW);
    }

    private static FederationSettings settings(String yaml) {
        return ConfigLoader.parse(
                "clockSkew: " + SKEW + "s\n" + yaml, FederationSettings.class, Map.of());
    }
}
