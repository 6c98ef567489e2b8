package dev.rmb.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LockoutTest {
    private static final InetAddress GUESSER = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.8");
    private static final Duration LITTLE = Duration.ofMillis(1);

    private final Lockout lockout = new Lockout();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    private void guess(InetAddress from, int times) {
        for (int i = 0; i < times; i++) {
            lockout.wrong(from, now);
        }
    }

    @Test
    void aFewMistakesLockNobodyOut() {
        guess(GUESSER, Lockout.ATTEMPTS - 1);

        assertThat(lockout.remaining(GUESSER, now)).isNull();
        assertThat(lockout.wrong(GUESSER, now)).isTrue();
        assertThat(lockout.remaining(GUESSER, now)).isEqualTo(Lockout.FIRST);
    }

    @Test
    void othersAreNotLockedOutWithAGuesser() {
        guess(GUESSER, Lockout.ATTEMPTS);

        assertThat(lockout.remaining(OTHER, now)).isNull();
    }

    @Test
    void eachRoundIsAnsweredWithTwiceTheTimeUpToALimit() {
        Duration expected = Lockout.FIRST;
        for (int round = 0; round < 10; round++) {
            guess(GUESSER, Lockout.ATTEMPTS);
            assertThat(lockout.remaining(GUESSER, now)).isEqualTo(expected);
            now = now.plus(expected);
            assertThat(lockout.remaining(GUESSER, now.minus(LITTLE))).isNotNull();
            assertThat(lockout.remaining(GUESSER, now)).isNull();
            expected = expected.multipliedBy(2);
            expected = expected.compareTo(Lockout.LONGEST) < 0 ? expected : Lockout.LONGEST;
        }
        assertThat(expected).isEqualTo(Lockout.LONGEST);
    }

    @Test
    void mistakesAreForgottenInTime() {
        guess(GUESSER, Lockout.ATTEMPTS - 1);
        now = now.plus(Lockout.MEMORY).plus(LITTLE);

        assertThat(lockout.wrong(GUESSER, now)).isFalse();
    }

    @Test
    void whoHasANetworkOfIpv6HasNoMoreAttempts() {
        for (int i = 0; i < Lockout.ATTEMPTS; i++) {
            lockout.wrong(InetAddress.ofLiteral("2001:db8:0:1::" + Integer.toHexString(i)), now);
        }

        assertThat(lockout.remaining(InetAddress.ofLiteral("2001:db8:0:1:ffff::"), now))
                .isNotNull();
        assertThat(lockout.remaining(InetAddress.ofLiteral("2001:db8:0:2::"), now)).isNull();
    }

    @Test
    void howManyAddressesAreKeptIsBounded() {
        for (int i = 0; i < Lockout.MAX_ADDRESSES + 500; i++) {
            lockout.wrong(
                    InetAddress.ofLiteral(
                            "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)),
                    now);
        }

        assertThat(lockout.size()).isEqualTo(Lockout.MAX_ADDRESSES);
    }
}
