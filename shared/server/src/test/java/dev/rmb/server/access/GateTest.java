package dev.rmb.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.server.access.Gate.Judgement;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GateTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress FAR = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress FARTHER = InetAddress.ofLiteral("198.51.100.1");
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2030-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final AccessToken token = AccessToken.random(new SecureRandom());
    private final String right = "Bearer " + token.secret();
    private final Gate gate = gate(false);

    private Gate gate(boolean trustLoopback) {
        return Gate.open(
                List.of(
                        AccessToken.random(new SecureRandom()).known("other", Role.ADMIN),
                        token.known("grafana", Role.VIEWER)),
                null,
                trustLoopback,
                CLOCK);
    }

    @Test
    void aTokenSaysWhoItIs() {
        var expected = new Judgement.Known(new Visitor("grafana", Role.VIEWER));

        assertThat(gate.judge(right, FAR)).isEqualTo(expected);
        assertThat(gate.judge("bearer   " + token.secret() + " ", FAR)).isEqualTo(expected);
    }

    @Test
    void withoutATokenNobodyIsKnownNotEvenOnThisMachine() {
        assertThat(gate.judge(null, LOOPBACK)).isEqualTo(new Judgement.Nobody());
    }

    @Test
    void whereThisMachineIsTrustedItsProgramsMayDoAllAndNobodyElse() {
        Gate trusting = gate(true);

        assertThat(trusting.judge(null, LOOPBACK))
                .isEqualTo(new Judgement.Known(Visitor.ON_THIS_MACHINE));
        assertThat(trusting.judge("Bearer of another relay", LOOPBACK))
                .isEqualTo(new Judgement.Known(Visitor.ON_THIS_MACHINE));
        assertThat(trusting.judge(null, FAR)).isEqualTo(new Judgement.Nobody());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer rmb_",
                "Bearer rmb_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "Basic YWRtaW46YWRtaW4=",
                "Bearer é",
            })
    void anythingElseIsWrong(String authorization) {
        assertThat(gate.judge(authorization, FAR)).isEqualTo(new Judgement.Wrong());
    }

    @Test
    void theHashOfATokenIsNoToken() {
        String hash = token.known("x", Role.VIEWER).hash();

        assertThat(gate.judge("Bearer " + hash, FAR)).isEqualTo(new Judgement.Wrong());
    }

    @Test
    void whoGuessesIsLockedOutEvenWithTheRightTokenWhileOthersAreNot() {
        for (int i = 0; i < Lockout.ATTEMPTS; i++) {
            gate.judge("Bearer guess" + i, FAR);
        }

        assertThat(gate.judge(right, FAR)).isEqualTo(new Judgement.LockedOut(Lockout.FIRST));
        assertThat(gate.judge(right, FARTHER)).isInstanceOf(Judgement.Known.class);
        assertThat(gate.judge(null, FAR)).isEqualTo(new Judgement.Nobody());
    }

    @Test
    void tokensThatAreMadeDifferAndShowTheirSecretToNobodyWhoPrintsThem() {
        AccessToken other = AccessToken.random(new SecureRandom());

        assertThat(other.secret()).isNotEqualTo(token.secret()).matches("rmb_[A-Za-z0-9_-]{43}");
        assertThat(token).asString().doesNotContain(token.secret().substring(4));
    }
}
