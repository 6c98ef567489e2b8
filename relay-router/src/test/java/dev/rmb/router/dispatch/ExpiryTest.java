package dev.rmb.router.dispatch;

import static dev.rmb.router.dispatch.Owner.GATEWAY;
import static dev.rmb.router.dispatch.Owner.LINK;
import static dev.rmb.router.dispatch.TestMessage.request;
import static dev.rmb.router.dispatch.TestMessage.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.protocol.Address;
import dev.rmb.router.mailbox.Mailboxes;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of messages that wait too long. See delivery.md, 8. */
final class ExpiryTest {
    private static final int MINUTE = 60_000;

    @Test
    void rule08AnExpiredRequestIsTakenOutAndItsSenderTold() {
        Owner owner = ours();
        owner.send(request("7").expiration(60));
        owner.send(request("7").expiration(120));

        owner.pass(MINUTE - 1);
        assertThat(owner.stored()).isEqualTo(2);
        owner.pass(2_000);

        assertThat(owner.stored()).isEqualTo(1);
        assertThat(owner.told()).containsExactly("0 message has expired");
        assertThat(owner.dispatcher.counts().refused(Reason.EXPIRED)).isEqualTo(1);
        owner.connect(LINK, 5, "7");
        assertThat(owner.sentTo(5)).containsExactly(1L);
    }

    @Test
    void rule08AnExpiredAnswerIsCountedAndNobodyIsTold() {
        Owner owner = ours();
        owner.send(response("7").expiration(60));

        owner.pass(MINUTE + 2_000);

        assertThat(owner.stored()).isZero();
        assertThat(owner.told()).isEmpty();
        assertThat(owner.dispatcher.counts().refused(Reason.EXPIRED)).isEqualTo(1);
    }

    @Test
    void rule08NothingExpiredIsDeliveredFromAMailbox() {
        Owner owner = ours();
        owner.send(request("7").expiration(60));
        owner.send(response("7").expiration(60));
        owner.send(request("7").expiration(300));

        // Before any round could take them out.
        owner.nowMs += MINUTE;
        owner.dispatcher.tick(owner.now());
        owner.connect(LINK, 5, "7");

        assertThat(owner.sentTo(5)).containsExactly(2L);
        assertThat(owner.stored()).isEqualTo(1);
        assertThat(owner.pass(3_000).told()).containsExactly("0 message has expired");
    }

    @Test
    void rule08TheDeadlineCountsFromTheAppendTimeAndIsCapped() {
        Owner owner = ours();
        owner.send(request("7").expiration(60));
        owner.send(request("7").expiration(-1));

        try (var scan = new Mailboxes(owner.store).of(Address.of(7)).scan(0)) {
            assertThat(scan.next()).isTrue();
            assertThat(scan.message().deadlineMs()).isEqualTo(owner.nowMs + MINUTE);
            assertThat(scan.next()).isTrue();
            assertThat(scan.message().deadlineMs())
                    .isEqualTo(owner.nowMs + Owner.SETTINGS.lifetimeCapMs());
            assertThat(scan.next()).isFalse();
        }
    }

    @Test
    void rule08AMessageIsVoidByTheRelaysClockAndNotByItsSenders() {
        Owner owner = ours();
        // By its sender's clock, which says 1970, it was void for ages.
        long offset = owner.send(request("7").expiration(60));
        owner.pass(MINUTE / 2);

        assertThat(owner.connect(LINK, 5, "7").sentTo(5)).containsExactly(offset);
    }

    @Test
    void rule03TheWatermarkPassesAnExpiredMessageOnlyWhenTheAnswerIsAccepted() {
        DispatchSettings slow =
                new DispatchSettings(
                        4,
                        1_000,
                        3,
                        1 << 20,
                        2_000,
                        4_000,
                        2_000,
                        1_000,
                        MailboxLimits.DEFAULTS,
                        false,
                        false);
        Owner owner = ours(Owner.settled(slow));
        owner.send(request("7"));
        owner.pass(2_500);
        assertThat(owner.told()).containsExactly("0 message has expired");

        owner.pass(3_000);
        assertThat(owner.watermark()).isZero();

        owner.dispatcher.answered(0, true);
        assertThat(owner.pass(4_000).watermark()).isEqualTo(1);
        assertThat(owner.store.count('r')).isZero();
    }

    @Test
    void rule09AnAnswerThatWasNotAcceptedIsTheNextOwnersToGive() {
        Owner owner = ours();
        owner.send(request("7").expiration(60));
        owner.pass(MINUTE + 2_000);
        // Long behind the watermark, and decided all the same.
        assertThat(owner.watermark()).isEqualTo(1);

        owner.commit().takenOver();
        assertThat(owner.told()).containsExactly("0 message has expired");

        owner.dispatcher.answered(0, true);
        owner.commit().takenOver();
        assertThat(owner.told()).isEmpty();
    }

    @Test
    void rule08WhatIsInFlightDoesNotExpireUntilItIsBackInTheMailbox() {
        Owner owner = ours().connect(LINK, 5, "7");
        owner.send(request("7").expiration(60));
        owner.pass(2 * MINUTE);
        assertThat(owner.stored()).isEqualTo(1);
        assertThat(owner.told()).isEmpty();

        owner.disconnect(5).pass(2_000);

        assertThat(owner.stored()).isZero();
        assertThat(owner.told()).containsExactly("0 message has expired");
    }

    @Test
    void rule08AMessageThatMayNotWaitIsDroppedWhenItsAddressIsOffline() {
        Owner owner = Owner.settled();

        owner.send(request("7").expiration(0));
        owner.lookedUp(7, Standing.OURS);

        assertThat(owner.stored()).isZero();
        assertThat(owner.effects.refusals).isEmpty();
        assertThat(owner.dispatcher.counts().dropped()).isEqualTo(1);
        assertThat(owner.pass(300).watermark()).isEqualTo(1);
    }

    @Test
    void rule08AMessageThatMayNotWaitIsKeptWhileItIsInFlight() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        owner.send(request("7").expiration(0));
        owner.pass(2_100);
        assertThat(owner.stored()).isEqualTo(1);

        owner.disconnect(5);

        assertThat(owner.stored()).isZero();
        assertThat(owner.dispatcher.counts().dropped()).isEqualTo(1);
    }

    @Test
    void rule08AMessageThatMayNotWaitReachesASlowSessionButNotItsSuccessor() {
        for (boolean isSuccessor : Set.of(true, false)) {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            for (int i = 0; i < 4; i++) {
                owner.send(request("7"));
            }
            owner.send(request("7").expiration(0));
            owner.pass(3_000);
            if (isSuccessor) {
                owner.connect(LINK, 6, "7");
            }

            owner.acknowledge(isSuccessor ? 6 : 5, 4).work();

            assertThat(owner.sentTo(isSuccessor ? 6 : 5).contains(4L)).isNotEqualTo(isSuccessor);
            assertThat(owner.dispatcher.counts().dropped()).isEqualTo(isSuccessor ? 1 : 0);
        }
    }

    @Test
    void rule08AMessageThatMayNotWaitIsTakenOutWhenItsSlowSessionEnds() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        for (int i = 0; i < 4; i++) {
            owner.send(request("7"));
        }
        owner.send(request("7").expiration(0));
        owner.pass(3_000).disconnect(5).pass(2_000);

        assertThat(owner.stored()).isEqualTo(4);
        assertThat(owner.dispatcher.counts().dropped()).isEqualTo(1);
    }

    @Test
    void rule10WhatMayNotWaitGoesOutAgainWhenTheLinkOfItsSessionIsBack() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        owner.send(request("7").expiration(0));
        owner.pass(2_100);
        assertThat(owner.stored()).isEqualTo(1);

        owner.dispatcher.linkClosed(LINK);
        owner.pass(1_000).snapshot(2, owner.session(5, "7")).pass(2_000);

        assertThat(owner.sentTo(5)).containsExactly(0L, 0L);
        assertThat(owner.dispatcher.counts().dropped()).isZero();
    }

    @Test
    void rule10WhatExpiredInFlightGoesOutAgainWhenTheLinkOfItsSessionIsBack() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        owner.send(request("7").expiration(60));
        owner.pass(2 * MINUTE);

        owner.dispatcher.linkClosed(LINK);
        owner.pass(1_500).snapshot(2, owner.session(5, "7")).pass(2_000);

        assertThat(owner.sentTo(5)).containsExactly(0L, 0L);
        assertThat(owner.told()).isEmpty();
    }

    @Test
    void rule10WhatExpiredInFlightIsGivenUpWhenTheLinkOfItsSessionStaysAway() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        owner.send(request("7").expiration(60));
        owner.send(request("7").expiration(0));
        owner.pass(2 * MINUTE);

        owner.dispatcher.linkClosed(LINK);
        owner.pass(2_500).lookedUp(7, Standing.OURS).pass(2_000);

        assertThat(owner.told()).containsExactly("0 message has expired");
        assertThat(owner.dispatcher.counts().dropped()).isEqualTo(1);
        assertThat(owner.stored()).isZero();
    }

    @Test
    void rule10WhatMayNotWaitGoesToTheSessionThatWasThereAlsoByTheNextOwner() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        SessionInfo session = owner.session(5, "7");
        owner.send(request("7").expiration(0));
        owner.pass(3_000).commit().takenOver();

        owner.dispatcher.opened(LINK, GATEWAY, owner.epoch, session);

        assertThat(owner.sentTo(5)).containsExactly(0L);
    }

    @Test
    void nothingExpiresWhileItIsNotCertainWhoOwnsThePartition() {
        Owner owner = ours();
        owner.send(request("7").expiration(60));
        owner.pause(2 * MINUTE).pass(1_500);
        assertThat(owner.stored()).isEqualTo(1);

        owner.pass(2_000);

        assertThat(owner.stored()).isZero();
        assertThat(owner.told()).containsExactly("0 message has expired");
    }

    @Test
    void anAnswerIsHeldBackWhileItIsNotCertainWhoOwnsThePartition() {
        Owner owner = Owner.settled(Owner.with(new MailboxLimits(1, 1_000, 1, 1, 1_000, 0)));
        owner.send(request("7"));
        owner.pause(MINUTE);
        owner.send(request("7"));
        assertThat(owner.told()).isEmpty();

        owner.dispatcher.superseded();
        owner.pass(10_000);
        assertThat(owner.told()).isEmpty();

        owner.claim();
        owner.dispatcher.gateways(Set.of(GATEWAY));
        owner.snapshot(LINK);
        assertThat(owner.told()).containsExactly("1 mailbox full");
    }

    @Test
    void aRoundIsMadeWhenADeadlineHasPassedAndIsBounded() {
        Owner owner = ours();
        for (int i = 0; i < 5_000; i++) {
            owner.send(response("7").expiration(60));
        }
        // The first round counts.
        owner.pass(MINUTE / 2);
        assertThat(owner.dispatcher.stored().messages()).isEqualTo(5_000);
        long before = owner.store.reads();
        owner.pass(MINUTE / 2 - 1);
        assertThat(owner.store.reads()).isEqualTo(before);

        // What was saved up, and then twenty a millisecond; one more to see that there is more.
        assertThat(owner.pause(1).store.reads() - before).isBetween(1_000L, 1_010L);
        before = owner.store.reads();
        assertThat(owner.pause(5).store.reads() - before).isEqualTo(101);
        assertThat(owner.pass(1_000).stored()).isZero();
    }

    @Test
    void theStockIsRightWhateverComesAndGoesWhileItIsCounted() {
        Owner owner = ours();
        for (int i = 0; i < 2_000; i++) {
            owner.send(request(i % 3 + 1 + ":a"));
        }
        owner.lookedUp(1, Standing.OURS).lookedUp(2, Standing.OURS).lookedUp(3, Standing.OURS);
        owner.commit().takenOver();
        for (int i = 0; i < 40; i++) {
            owner.nowMs += 1;
            owner.dispatcher.tick(owner.now());
            owner.dispatcher.work();
            owner.send(request(i % 3 + 1 + ":a"));
            owner.send(request(i % 3 + 1 + ":b"));
            if (i == 10) {
                owner.connect(LINK, 5, "2:a");
            }
            owner.acknowledge(5, 4L * (i - 10));
        }
        owner.lookedUp(1, Standing.OURS).lookedUp(2, Standing.OURS).lookedUp(3, Standing.OURS);
        owner.disconnect(5).lookedUp(2, Standing.OURS).pass(1_000);

        assertThat(owner.dispatcher.stored().messages()).isEqualTo(owner.stored());
        assertThat(owner.dispatcher.oldestAgeMs()).isPositive();
    }

    static Owner ours() {
        return ours(Owner.settled());
    }

    private static Owner ours(Owner owner) {
        owner.connect(LINK, 99, "7:visitor").disconnect(99);
        return owner.lookedUp(7, Standing.OURS);
    }
}
