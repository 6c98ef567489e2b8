package dev.rmb.router.dispatch;

import static dev.rmb.router.dispatch.Owner.LINK;
import static dev.rmb.router.dispatch.TestMessage.request;
import static dev.rmb.router.dispatch.TestMessage.response;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How much is kept for an address and a twin. See delivery.md, 7. */
final class BoundsTest {
    private static final long PLENTY = 1 << 20;
    private static final MailboxLimits FIVE_EACH =
            new MailboxLimits(5, PLENTY, PLENTY, PLENTY, PLENTY, 0);

    @Test
    void rule07AMessageBeyondThoseOfItsAddressIsRefusedAndItsRequesterTold() {
        Owner owner = ours(FIVE_EACH);

        sendTo(owner, "7:a", 7);
        owner.send(response("7:a"));
        long other = owner.send(request("7:b"));

        assertThat(owner.told()).containsExactly("5 mailbox full", "6 mailbox full");
        assertThat(owner.stored()).isEqualTo(6);
        assertThat(owner.dispatcher.counts().refused(Reason.MAILBOX_FULL)).isEqualTo(3);
        assertThat(owner.connect(LINK, 5, "7:b").sentTo(5)).containsExactly(other);
    }

    @Test
    void rule07AMessageBeyondTheBytesOfItsAddressIsRefusedAndASmallerOneIsNot() {
        Owner owner = ours(new MailboxLimits(PLENTY, 1_000, PLENTY, PLENTY, PLENTY, 0));

        owner.send(request("7").payload(800));
        owner.send(request("7").payload(200));
        owner.send(request("7"));

        assertThat(owner.told()).containsExactly("1 mailbox full");
        assertThat(owner.stored()).isEqualTo(2);
    }

    @Test
    void rule07ATwinHasMessagesForSoManyAddressesOnly() {
        Owner owner = ours(new MailboxLimits(PLENTY, PLENTY, 3, PLENTY, PLENTY, 0));

        for (String address : List.of("7:a", "7:b", "7", "7:", "7:a")) {
            owner.send(request(address));
        }
        assertThat(owner.told()).containsExactly("3 mailbox full");

        // One of them is emptied: there is room for another.
        owner.connect(LINK, 5, "7:b").acknowledge(5, 1);
        owner.send(request("7:"));
        assertThat(owner.told()).hasSize(1);
    }

    @Test
    void rule07MailForNamesThatNobodyUsesDoesNotSilenceAClientThatIsThere() {
        Owner owner = ours(new MailboxLimits(PLENTY, PLENTY, 2, PLENTY, PLENTY, 0));
        owner.connect(LINK, 5, "7");
        owner.send(response("7:x1"));
        owner.send(response("7:x2"));

        long answer = owner.send(response("7"));
        long question = owner.send(request("7"));

        assertThat(owner.sentTo(5)).containsExactly(answer, question);
        assertThat(owner.told()).isEmpty();
    }

    @Test
    void rule07TheMessagesAndTheBytesOfATwinAreBoundedOverAllItsAddresses() {
        Owner messages = ours(new MailboxLimits(PLENTY, PLENTY, PLENTY, 4, PLENTY, 0));
        Owner bytes = ours(new MailboxLimits(PLENTY, PLENTY, PLENTY, PLENTY, 1_400, 0));

        for (Owner owner : List.of(messages, bytes)) {
            for (String address : List.of("7:a", "7:b", "7:c", "7:a", "7:d")) {
                owner.send(request(address).payload(250));
            }
            owner.send(request("8"));
            owner.lookedUp(8, Standing.OURS);
        }

        assertThat(messages.told()).containsExactly("4 mailbox full");
        assertThat(bytes.told()).containsExactly("4 mailbox full");
    }

    @Test
    void rule07WhatIsInFlightAndWhatWaitsInMemoryCounts() {
        Owner owner = Owner.settled(Owner.with(FIVE_EACH)).connect(LINK, 5, "7");

        sendTo(owner, "7", 6);
        assertThat(owner.told()).containsExactly("5 mailbox full");

        owner.acknowledge(5, 1);
        sendTo(owner, "7", 2);
        assertThat(owner.told()).containsExactly("5 mailbox full", "7 mailbox full");
        assertThat(owner.stored()).isZero();
    }

    @Test
    void rule07StoringWhatIsInFlightIsNeverRefused() {
        Owner owner = ours(FIVE_EACH).connect(LINK, 5, "7");
        sendTo(owner, "7", 6);

        owner.pass(3_000).disconnect(5);
        sendTo(owner, "7", 1);

        assertThat(owner.stored()).isEqualTo(5);
        assertThat(owner.told()).containsExactly("5 mailbox full", "6 mailbox full");
        owner.connect(LINK, 6, "7").acknowledge(6, 4).work();
        assertThat(owner.sentTo(6)).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void rule07ARefusedMessageStaysRefusedWhoeverOwnsThePartition() {
        Owner owner = ours(FIVE_EACH);
        sendTo(owner, "7", 6);
        owner.commit().connect(LINK, 5, "7").acknowledge(5, 4);

        owner.takenOver().connect(LINK, 6, "7").acknowledge(6, 4).work();

        assertThat(owner.sentTo(6)).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(owner.told()).containsExactly("5 mailbox full");
    }

    @Test
    void rule07ARefusalWhoseAnswerWasAcceptedAndOneWithoutAnswerAreRememberedUntilTheWatermark() {
        Owner owner = ours(FIVE_EACH);
        sendTo(owner, "7", 6);
        owner.send(response("7"));
        owner.dispatcher.answered(5, true);
        owner.commit().takenOver().connect(LINK, 6, "7").acknowledge(6, 4).work();

        assertThat(owner.watermark()).isZero();
        assertThat(owner.sentTo(6)).containsExactly(0L, 1L, 2L, 3L, 4L);
        // At least once: the next owner does not know that it was given.
        owner.dispatcher.answered(5, true);
        assertThat(owner.pass(3_000).store.count('r')).isZero();
    }

    @Test
    void rule07ATwinThatIsCountedLateIsCountedWithWhatIsInMemory() {
        Owner owner = ours(new MailboxLimits(PLENTY, PLENTY, PLENTY, 75, PLENTY, 0));
        sendTo(owner, "7:b", 70);
        owner.connect(LINK, 5, "7:a");
        sendTo(owner, "7:a", 3);
        owner.commit().takenOver().connect(LINK, 5, "7:a");

        sendTo(owner, "7:a", 3);

        assertThat(owner.told()).containsExactly("75 mailbox full");
    }

    @Test
    void rule07WhatExpiresLeavesRoom() {
        Owner owner = ours(FIVE_EACH);
        for (int i = 0; i < 5; i++) {
            owner.send(response("7").expiration(1));
        }
        owner.connect(LINK, 5, "7:another").pass(1_500);
        assertThat(owner.stored()).isZero();

        sendTo(owner, "7", 6);

        assertThat(owner.told()).containsExactly("10 mailbox full");
    }

    @Test
    void rule07TheNumbersAreRightAfterATakeover() {
        for (boolean isConnected : List.of(true, false)) {
            Owner owner = ours(FIVE_EACH);
            sendTo(owner, "7", 3);
            owner.commit().takenOver();
            if (isConnected) {
                owner.connect(LINK, 5, "7");
            }

            sendTo(owner, "7", 3);
            owner.lookedUp(7, Standing.OURS);

            assertThat(owner.told()).containsExactly("5 mailbox full");
        }
    }

    @Test
    void rule07TheNumbersAreRightAfterAnAddressWasForgotten() {
        Owner owner = ours(new MailboxLimits(5, PLENTY, PLENTY, 7, PLENTY, 0));
        sendTo(owner, "7", 3);
        sendTo(owner, "7:a", 2);
        owner.pass(30_000);

        sendTo(owner, "7", 3);

        owner.lookedUp(7, Standing.OURS);
        assertThat(owner.told()).containsExactly("7 mailbox full");
    }

    @Test
    void rule07WhatAPredecessorAcceptedIsNeverRefused() {
        Owner owner = ours(FIVE_EACH).connect(LINK, 5, "7");
        sendTo(owner, "7", 4);
        owner.acknowledge(5, 4);
        sendTo(owner, "7", 4);
        // The watermark is still at the first of them: all eight are read again.
        owner.commit().takenOver();

        assertThat(owner.told()).isEmpty();
        sendTo(owner, "7", 1);
        assertThat(owner.told()).containsExactly("8 mailbox full");
    }

    @Test
    void rule07WhatIsNotKeptAnywayNeedsNoRoom() {
        Owner owner = ours(FIVE_EACH);
        sendTo(owner, "7", 5);

        owner.send(request("7").failFast());
        owner.send(request("7").expiration(0));

        assertThat(owner.told()).containsExactly("5 destination offline");
        assertThat(owner.dispatcher.counts().dropped()).isEqualTo(1);
    }

    @Test
    void rule07AFullMailboxTakesMoreAsSoonAsSomethingLeavesIt() {
        Owner owner = ours(FIVE_EACH);
        sendTo(owner, "7", 5);
        owner.connect(LINK, 5, "7").acknowledge(5, 4).disconnect(5);

        sendTo(owner, "7", 5);

        assertThat(owner.told()).containsExactly("9 mailbox full");
    }

    @Test
    void rule07AFloodedMailboxIsCountedOnce() {
        long many = 300;
        Owner owner = ours(new MailboxLimits(many, PLENTY, PLENTY, PLENTY, PLENTY, 0));
        sendTo(owner, "7", (int) many);
        owner.commit().takenOver();
        long before = owner.store.reads();

        for (int i = 0; i < 1_000; i++) {
            owner.send(response("7"));
            owner.pass(20);
        }

        assertThat(owner.store.reads() - before).isLessThan(3 * many);
    }

    @Test
    void rule07AClientThatKeepsUpIsNotSilencedByMailForItsTwinsOtherAddresses() {
        MailboxLimits messages = new MailboxLimits(PLENTY, PLENTY, PLENTY, 4, PLENTY, 0);
        MailboxLimits bytes = new MailboxLimits(PLENTY, PLENTY, PLENTY, PLENTY, 1_200, 0);
        for (MailboxLimits limits : List.of(messages, bytes)) {
            Owner owner = ours(limits);
            for (int i = 0; i < 4; i++) {
                owner.send(request("7:away").payload(200));
            }
            owner.connect(LINK, 5, "7");

            for (int number = 1; number <= 20; number++) {
                owner.send(request("7").payload(200));
                owner.acknowledge(5, number);
            }

            assertThat(owner.sentTo(5)).hasSize(20);
            assertThat(owner.told()).isEmpty();
        }
    }

    @Test
    void rule07AClientThatDoesNotKeepUpHasAWindowOfItsOwnAndNoMore() {
        Owner owner = ours(new MailboxLimits(PLENTY, PLENTY, PLENTY, 4, PLENTY, 0));
        sendTo(owner, "7:away", 4);
        owner.connect(LINK, 5, "7");

        sendTo(owner, "7", Owner.SETTINGS.windowMessages() + 1);

        assertThat(owner.sentTo(5)).hasSize(Owner.SETTINGS.windowMessages());
        assertThat(owner.told()).containsExactly("8 mailbox full");
    }

    @Test
    void rule07TheBytesOfAPartitionAreBoundedOverAllItsTwins() {
        Owner owner = ours(new MailboxLimits(PLENTY, PLENTY, PLENTY, PLENTY, PLENTY, 1_400));
        owner.connect(LINK, 8, "8").pass(1_000).lookedUp(7, Standing.OURS);
        for (String address : List.of("7:a", "7:b", "7:c", "7:d")) {
            owner.send(request(address).payload(400));
        }
        long live = owner.send(request("8").payload(400));

        assertThat(owner.told()).containsExactly("3 mailbox full");
        assertThat(owner.dispatcher.counts().partitionFull()).isEqualTo(1);
        assertThat(owner.sentTo(8)).containsExactly(live);
    }

    @Test
    void rule09AnAnswerForARequesterWhoseOwnMailboxIsFullIsCountedAndNotKept() {
        Owner owner = ours(FIVE_EACH);
        sendTo(owner, "7", 5);

        owner.send(response("7"));

        assertThat(owner.stored()).isEqualTo(5);
        assertThat(owner.told()).isEmpty();
        assertThat(owner.dispatcher.counts().refused(Reason.MAILBOX_FULL)).isEqualTo(1);
    }

    @Test
    void whatIsDecidedLateIsReadAFewBytesAtATime() {
        Owner owner = Owner.settled();
        for (int i = 0; i < 20; i++) {
            owner.send(request("7").payload(200_000));
        }
        assertThat(owner.stored()).isGreaterThan(10);
        long before = owner.store.reads();
        owner.dispatcher.lookedUp(7, Standing.UNKNOWN);

        owner.dispatcher.work();

        // A mebibyte, and one to see that there is more.
        assertThat(owner.store.reads() - before).isLessThanOrEqualTo(7);
        assertThat(owner.work().told()).hasSize(20);
        assertThat(owner.stored()).isZero();
    }

    @Test
    void whatIsStoredWhenItIsDecidedIsStoredAFewBytesAtATime() {
        Owner owner = Owner.settled();
        for (String address : List.of("7:a", "7:b", "7:c")) {
            owner.send(request(address).payload(1_000));
            owner.send(request(address).payload(1_000));
        }
        owner.dispatcher.allow(2_500);

        owner.lookedUp(7, Standing.OURS).work();
        assertThat(owner.stored()).isEqualTo(3);

        owner.dispatcher.allow(2_500);
        owner.work();
        assertThat(owner.stored()).isEqualTo(6);
        assertThat(owner.connect(LINK, 5, "7:b").sentTo(5)).containsExactly(2L);
    }

    @Test
    void boundsThatAreChangedHoldForWhatComesFromThenOn() {
        var bounds = new AtomicReference<>(FIVE_EACH);
        Owner owner = ours(Owner.with(bounds::get));
        sendTo(owner, "7:a", 5);

        bounds.set(new MailboxLimits(2, PLENTY, PLENTY, PLENTY, PLENTY, 0));
        sendTo(owner, "7:a", 1);
        sendTo(owner, "7:b", 3);
        assertThat(owner.told()).containsExactly("5 mailbox full", "8 mailbox full");
        assertThat(owner.stored()).isEqualTo(7);

        bounds.set(FIVE_EACH);
        sendTo(owner, "7:b", 3);
        assertThat(owner.told()).hasSize(2);
        assertThat(owner.stored()).isEqualTo(10);
        // As many as the window takes: what was above the bound has stayed.
        assertThat(owner.connect(LINK, 5, "7:a").sentTo(5)).containsExactly(0L, 1L, 2L, 3L);
    }

    private static Owner ours(MailboxLimits limits) {
        return ours(Owner.with(limits));
    }

    private static Owner ours(DispatchSettings settings) {
        Owner owner = Owner.settled(settings);
        owner.connect(LINK, 99, "7:visitor").disconnect(99);
        return owner.lookedUp(7, Standing.OURS);
    }

    private static List<Long> sendTo(Owner owner, String address, int count) {
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            offsets.add(owner.send(request(address)));
        }
        return offsets;
    }
}
