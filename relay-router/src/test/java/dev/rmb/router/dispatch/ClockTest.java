package dev.rmb.router.dispatch;

import static dev.rmb.router.dispatch.Owner.GATEWAY;
import static dev.rmb.router.dispatch.Owner.LINK;
import static dev.rmb.router.dispatch.TestMessage.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The machine's clock is set while a partition is open. */
final class ClockTest {
    private static final long HOUR = 3_600_000;

    @Test
    void rule03TheWatermarkMovesOnWhenTheClockIsSetBack() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        owner.send(request("7"));
        owner.wallAheadMs = -HOUR;

        owner.acknowledge(5, 1).pass(300);

        assertThat(owner.watermark()).isEqualTo(1);
    }

    @Test
    void rule03WhatIsNotConfirmedIsStoredWhenTheClockIsSetBack() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        owner.send(request("7"));
        owner.wallAheadMs = -HOUR;

        owner.pass(2_500);

        assertThat(owner.stored()).isEqualTo(1);
    }

    @Test
    void rule06SettlingEndsWhenTheClockIsSetBack() {
        Owner owner = new Owner().merge();
        owner.claim();
        owner.dispatcher.gateways(Set.of(GATEWAY));
        owner.send(request("7"));
        owner.wallAheadMs = -HOUR;

        owner.pass(2_500);

        assertThat(owner.effects.lookUps).containsExactly(7L);
    }

    @Test
    void rule08MailExpiresByTheClockThatWasSet() {
        Owner owner = Owner.settled();
        owner.send(request("7").expiration(60));
        owner.lookedUp(7, Standing.OURS).pass(30_000);
        owner.wallAheadMs = 40_000;

        // A jump may have been a pause: nobody is told of anything before that is clear.
        owner.pass(1_000);
        assertThat(owner.told()).isEmpty();

        owner.pass(3_000);
        assertThat(owner.told()).containsExactly("0 message has expired");
    }
}
