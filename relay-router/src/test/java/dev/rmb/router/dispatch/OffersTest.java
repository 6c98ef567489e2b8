package dev.rmb.router.dispatch;

import static dev.rmb.router.dispatch.Owner.GATEWAY;
import static dev.rmb.router.dispatch.Owner.LINK;
import static dev.rmb.router.dispatch.TestMessage.request;
import static dev.rmb.router.dispatch.TestMessage.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.link.Offer;
import dev.rmb.cluster.link.RouterMessage.Deliver;
import dev.rmb.router.dispatch.RecordingEffects.Seen;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Delivery beside the log: delivery.md, 20 to 23. */
final class OffersTest {
    private static final long WRITER = -9;
    private static final long OTHER = 77;

    /** An owner that has read the writer's first record. */
    private static Owner owner(String... connected) {
        Owner owner = Owner.settled();
        long session = 5;
        for (String address : connected) {
            owner.connect(LINK, session++, address);
        }
        owner.log(WRITER, 1, response("9"));
        // That one is stored.
        return owner.lookedUp(9, Standing.OURS);
    }

    @Nested
    final class Taking {
        @Test
        void rule20TheWritersNextGoesOutAtOnceAndItsRecordIsOnlyBookkeeping() {
            Owner owner = owner("7");
            long writes = owner.store.puts();

            owner.offer(WRITER, 2, request("7"));
            assertThat(owner.sentTo(5)).containsExactly(Deliver.NOT_LOGGED);
            owner.log(WRITER, 2, request("7"));
            owner.acknowledge(5, 1).pass(5_000);

            assertThat(owner.sentTo(5)).hasSize(1);
            assertThat(owner.watermark()).isEqualTo(2);
            assertThat(owner.dispatcher.counts().stored()).isEqualTo(1);
            assertThat(owner.store.puts() - writes).isLessThan(4);
            assertThat(owner.dispatcher.counts().offersTaken()).isEqualTo(1);
        }

        @Test
        void rule20BehindAGapItWaitsAndFollowsAtOnceWhenTheLogHasFilledIt() {
            Owner owner = owner("7");

            owner.offer(WRITER, 3, request("7")).offer(WRITER, 4, request("7"));
            assertThat(owner.sentTo(5)).isEmpty();
            owner.log(WRITER, 2, request("7"));

            assertThat(owner.sequencesTo(5)).containsExactly(2L, 3L, 4L);
            assertThat(owner.sentTo(5)).containsExactly(1L, -1L, -1L);
        }

        @Test
        void rule20OffersThatComeInAnotherOrderGoOutInTheirs() {
            Owner owner = owner("7");

            owner.offer(WRITER, 4, request("7"))
                    .offer(WRITER, 3, request("7"))
                    .offer(WRITER, 2, request("7"));

            assertThat(owner.sequencesTo(5)).containsExactly(2L, 3L, 4L);
        }

        @Test
        void rule20ARepeatedOfferGoesOutOnce() {
            Owner owner = owner("7");

            owner.offer(WRITER, 2, request("7")).offer(WRITER, 2, request("7"));
            owner.log(WRITER, 2, request("7"));
            owner.offer(WRITER, 2, request("7"));

            assertThat(owner.sentTo(5)).hasSize(1);
        }

        @Test
        void rule20WhatTheLogBroughtFirstIsNotTakenAnyMore() {
            Owner owner = owner("7");

            long offset = owner.log(WRITER, 2, request("7"));
            owner.offer(WRITER, 2, request("7"));

            assertThat(owner.sentTo(5)).containsExactly(offset);
        }

        @Test
        void rule20OffersUnderAnotherClaimAreNotHeard() {
            Owner owner = owner("7");
            List<Offer> offers = List.of(new Offer(2, 1, request("7").value()));

            owner.dispatcher.offered(LINK, owner.epoch - 1, WRITER, offers);
            owner.dispatcher.offered(LINK, owner.epoch + 1, WRITER, offers);
            owner.dispatcher.superseded();
            owner.dispatcher.offered(LINK, owner.epoch, WRITER, offers);

            assertThat(owner.sentTo(5)).isEmpty();
        }

        @Test
        void rule20WhatWasHeldUnderAnotherClaimIsForgotten() {
            Owner owner = owner("7");
            owner.offer(WRITER, 3, request("7"));

            owner.claim();
            owner.snapshot(LINK, owner.session(5, "7"));
            owner.log(WRITER, 2, request("7"));

            assertThat(owner.sequencesTo(5)).containsExactly(2L);
        }

        @Test
        void nothingGoesOutBesideTheLogBeforeTheTakeoverIsDone() {
            Owner owner = owner("7").commit();
            owner.log(WRITER, 2, request("7"));
            owner.commit().crash();
            owner.claim();
            owner.snapshot(LINK, owner.session(5, "7"));
            owner.dispatcher.gateways(Set.of(GATEWAY));

            owner.offer(WRITER, 3, request("7"));
            assertThat(owner.sentTo(5)).isEmpty();
            owner.merge();

            assertThat(owner.sequencesTo(5)).startsWith(2L);
        }

        @Test
        void anAddressThatIsAwayGetsItFromTheLog() {
            Owner owner = owner();

            owner.offer(WRITER, 2, request("7"));
            assertThat(owner.effects.deliveries).isEmpty();
            owner.log(WRITER, 2, request("7"));
            owner.connect(LINK, 5, "7");

            assertThat(owner.sentTo(5)).containsExactly(1L);
        }

        @Test
        void nothingOvertakesMailThatIsStored() {
            Owner owner = owner();
            for (int i = 0; i < 8; i++) {
                owner.send(request("7"));
            }
            owner.lookedUp(7, Standing.OURS);
            owner.connect(LINK, 5, "7");
            owner.acknowledge(5, 1).acknowledge(5, 2);

            owner.offer(WRITER, 2, request("7"));

            assertThat(owner.sentTo(5)).doesNotContain(Deliver.NOT_LOGGED);
        }

        @Test
        void nothingOvertakesWhatWaitsInMemory() {
            Owner owner = owner("7");
            owner.effects.fullLinks.add(LINK);
            owner.send(request("7"));
            owner.effects.fullLinks.clear();

            owner.offer(WRITER, 2, request("7"));
            assertThat(owner.sentTo(5)).isEmpty();
            owner.work();

            assertThat(owner.sentTo(5)).containsExactly(1L);
        }

        @Test
        void aClosedWindowTakesNoOffers() {
            Owner owner = owner("7");
            for (int sequence = 2; sequence <= 6; sequence++) {
                owner.offer(WRITER, sequence, request("7"));
            }
            assertThat(owner.sentTo(5)).hasSize(4);

            // The log brings them, and the window is open again.
            for (int sequence = 2; sequence <= 6; sequence++) {
                owner.log(WRITER, sequence, request("7"));
            }
            owner.acknowledge(5, 4);

            assertThat(owner.sequencesTo(5)).containsExactly(2L, 3L, 4L, 5L, 6L);
        }

        @Test
        void aFullLinkTakesNoOffers() {
            Owner owner = owner("7");
            owner.effects.fullLinks.add(LINK);

            owner.offer(WRITER, 2, request("7"));

            assertThat(owner.sentTo(5)).isEmpty();
        }

        @Test
        void rule07AnOfferNeedsRoomInItsMailbox() {
            Owner owner =
                    Owner.settled(Owner.with(new MailboxLimits(2, 10_000, 5, 10, 10_000, 0)))
                            .connect(LINK, 5, "7");
            owner.log(WRITER, 1, response("9"));

            for (int sequence = 2; sequence <= 4; sequence++) {
                owner.offer(WRITER, sequence, request("7"));
            }

            assertThat(owner.sequencesTo(5)).containsExactly(2L, 3L);
        }

        @Test
        void recordsThatDoNotSayWhichTheyAreGoTheirWay() {
            Owner owner = owner("7");

            owner.offer(WRITER, 2, request("7"));
            long other = owner.send(request("7"));
            owner.log(WRITER, 2, request("7"));

            assertThat(owner.sentTo(5)).containsExactly(-1L, other);
        }
    }

    @Nested
    final class Ending {
        @Test
        void rule21ASessionThatEndsBeforeTheRecordComesWasNotDeliveredTo() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7")).disconnect(5).connect(LINK, 6, "7");

            owner.offer(WRITER, 3, request("7"));
            assertThat(owner.sentTo(6)).isEmpty();
            owner.log(WRITER, 2, request("7"));
            owner.log(WRITER, 3, request("7"));

            assertThat(owner.sequencesTo(6)).containsExactly(2L, 3L);
        }

        @Test
        void rule21ALinkThatIsLostIsSuchAnEnd() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7"));

            owner.dispatcher.linkClosed(LINK);
            owner.dispatcher.snapshot(
                    2, GATEWAY, owner.epoch, List.of(owner.session(5, "7")), true);
            owner.log(WRITER, 2, request("7"));

            assertThat(owner.sequencesTo(5)).containsExactly(2L, 2L);
            assertThat(owner.effects.numbersTo(2, 5)).containsExactly(1L);
        }

        @Test
        void rule21WhatWasConfirmedIsNotDeliveredAgain() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7"));

            owner.acknowledge(5, 1).disconnect(5);
            owner.log(WRITER, 2, request("7"));
            owner.connect(LINK, 6, "7").pass(3_000);

            assertThat(owner.sentTo(6)).isEmpty();
            assertThat(owner.watermark()).isEqualTo(2);
            assertThat(owner.dispatcher.counts().offersConfirmedFirst()).isEqualTo(1);
        }

        @Test
        void whatIsLoggedAndUnconfirmedGoesBackToTheMailboxInTheOrderOfTheLog() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7"));
            long first = owner.send(request("7"));
            long second = owner.log(WRITER, 2, request("7"));

            owner.disconnect(5);
            // With the one for somebody else.
            assertThat(owner.stored()).isEqualTo(3);
            owner.connect(LINK, 6, "7");

            assertThat(owner.sentTo(5)).containsExactly(-1L, first);
            assertThat(owner.sentTo(6)).containsExactly(first, second);
        }

        @Test
        void whatIsLoggedAndUnconfirmedIsSentAgainInTheOrderOfTheLogWhenItsLinkIsLost() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7"));
            long first = owner.send(request("7"));
            long second = owner.log(WRITER, 2, request("7"));

            owner.dispatcher.linkClosed(LINK);
            owner.effects.deliveries.clear();
            owner.dispatcher.snapshot(
                    2, GATEWAY, owner.epoch, List.of(owner.session(5, "7")), true);

            assertThat(owner.sentTo(5)).containsExactly(first, second);
        }
    }

    @Nested
    final class Logging {
        @Test
        void rule03TheWatermarkWaitsForTheConfirmationOfWhatWasOffered() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7"));
            owner.log(WRITER, 2, request("7"));

            owner.pass(1_000);
            assertThat(owner.watermark()).isEqualTo(1);
            owner.acknowledge(5, 1).pass(300);

            assertThat(owner.watermark()).isEqualTo(2);
        }

        @Test
        void rule03WhatStaysUnconfirmedIsStoredAndDeletedWhenItIsConfirmed() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7"));
            owner.log(WRITER, 2, request("7"));
            long before = owner.stored();

            owner.pass(2_500);
            assertThat(owner.stored()).isEqualTo(before + 1);
            owner.acknowledge(5, 1);

            assertThat(owner.stored()).isEqualTo(before);
            assertThat(owner.sentTo(5)).hasSize(1);
        }

        @Test
        void whatTheLogHasBeforeItAndIsNotSentYetKeepsItsPlaceAndItFollows() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7"));
            owner.effects.fullLinks.add(LINK);
            long first = owner.send(request("7"));
            long second = owner.log(WRITER, 2, request("7"));
            owner.effects.fullLinks.clear();
            owner.work();

            // The gateway sees that the session has the second one.
            assertThat(owner.sentTo(5)).containsExactly(-1L, first, second);
            assertThat(owner.sequencesTo(5)).containsExactly(2L, 2L);
            owner.acknowledge(5, 3).pass(300);
            assertThat(owner.watermark()).isEqualTo(3);
            assertThat(owner.dispatcher.memoryBytes()).isZero();
        }

        @Test
        void rule22NothingOfASessionIsTakenBeforeARecordOfItsOwnHasComeBack() {
            Owner owner = owner("7");
            owner.log(OTHER, 1, response("9"));

            // It was at another gateway before: what it sent there may still be on its way.
            owner.offer(OTHER, 2, 2, request("7"));
            assertThat(owner.sentTo(5)).isEmpty();
            owner.log(WRITER, 2, request("7"));
            owner.log(OTHER, 2, request("7"));
            owner.offer(OTHER, 3, 2, request("7"));

            assertThat(owner.sentTo(5)).containsExactly(2L, 3L, -1L);
        }

        @Test
        void rule22AnUnknownWriterIsOnlyListenedTo() {
            Owner owner = owner("7");

            owner.offer(OTHER, 1, 1, request("7")).offer(OTHER, 2, 1, request("7"));

            assertThat(owner.sentTo(5)).isEmpty();
        }

        @Test
        void rule23WhatNeverComesIsForgottenWithTheNextRecord() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7"));

            owner.log(WRITER, 3, response("9"));
            owner.offer(WRITER, 4, request("7"));
            owner.acknowledge(5, 1).acknowledge(5, 2);
            owner.log(WRITER, 4, request("7"));
            owner.pass(300);

            assertThat(owner.sequencesTo(5)).containsExactly(2L, 4L);
            assertThat(owner.dispatcher.twins().twin(7).messages).isZero();
        }

        @Test
        void rule23WhileTheLogIsLateNothingMoreGoesBesideIt() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7")).pass(Offers.LATE_MS);

            owner.offer(WRITER, 3, request("7"));
            assertThat(owner.sequencesTo(5)).containsExactly(2L);
            owner.log(WRITER, 2, request("7"));

            assertThat(owner.sequencesTo(5)).containsExactly(2L, 3L);
        }

        @Test
        void rule23AWriterThatIsGoneForLongIsForgotten() {
            Owner owner = owner("7");
            owner.offer(WRITER, 2, request("7")).pass(Offers.FORGET_MS + 20_000);

            // Its record does come, and goes the usual way.
            owner.log(WRITER, 2, request("7"));

            assertThat(owner.sequencesTo(5)).containsExactly(2L, 2L);
        }
    }

    @Nested
    final class Reporting {
        @Test
        void gatewaysHearAtOnceWhatWaitsForTheLog() {
            Owner owner = owner("7");

            owner.offer(WRITER, 3, request("7"));

            assertThat(owner.effects.seen).containsExactly(new Seen(LINK, owner.epoch, 0, 1));
        }

        @Test
        void gatewaysHearNowAndThenWhatWasTaken() {
            Owner owner = owner("7").pass(1_000);
            owner.effects.seen.clear();

            for (int sequence = 2; sequence <= 5; sequence++) {
                owner.offer(WRITER, sequence, request("7"));
            }
            owner.pass(200);

            assertThat(owner.effects.seen.stream().mapToInt(Seen::taken).sum()).isEqualTo(4);
            assertThat(owner.effects.seen).hasSizeLessThan(3);
        }

        @Test
        void whatIsHeldIsBounded() {
            Owner owner = owner("7");

            for (int sequence = 3; sequence < 3 + 2 * Offers.MAX_HELD; sequence++) {
                owner.offer(WRITER, sequence, request("7").payload(1_000));
            }
            owner.log(WRITER, 2, request("8"));

            assertThat(owner.sentTo(5)).hasSizeLessThanOrEqualTo(4);
            assertThat(owner.dispatcher.counts().offersLeft()).isGreaterThan(Offers.MAX_HELD);
        }
    }
}
