package dev.rmb.router.dispatch;

import static dev.rmb.router.dispatch.Owner.GATEWAY;
import static dev.rmb.router.dispatch.Owner.LINK;
import static dev.rmb.router.dispatch.TestMessage.request;
import static dev.rmb.router.dispatch.TestMessage.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.RecordingEffects.Delivery;
import dev.rmb.router.dispatch.RecordingEffects.Eviction;
import dev.rmb.router.mailbox.Refusal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One test or more for each rule of delivery.md that the owner of a partition keeps. */
final class DispatcherTest {
    private static final Address CALLER = new Address(99, "caller");

    @Nested
    final class Delivering {
        @Test
        void aMessageForAConnectedAddressGoesStraightOutAndIsNeverStored() {
            Owner owner = Owner.settled().connect(LINK, 5, "7:a");
            long writes = owner.store.puts();

            long offset = owner.send(request("7:a"));
            owner.acknowledge(5, 1);

            assertThat(owner.effects.deliveries)
                    .containsExactly(new Delivery(LINK, owner.epoch, 5, 1, offset));
            // The first record writes the watermark.
            assertThat(owner.store.puts()).isEqualTo(writes + 1);
            assertThat(owner.dispatcher.memoryBytes()).isZero();
        }

        @Test
        void anAddressWithoutConnectionIsAnotherThanOneWithAnEmptyName() {
            Owner owner = Owner.settled().connect(LINK, 5, "7:").connect(LINK, 6, "7");

            long named = owner.send(request("7:"));
            long unnamed = owner.send(request("7"));

            assertThat(owner.sentTo(5)).containsExactly(named);
            assertThat(owner.sentTo(6)).containsExactly(unnamed);
        }

        @Test
        void aClosedWindowHoldsBackTheSessionAndNobodyElse() {
            Owner owner = Owner.settled().connect(LINK, 5, "7").connect(LINK, 6, "8");

            for (int i = 0; i < 10; i++) {
                owner.send(request("7"));
            }
            long other = owner.send(request("8"));

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L, 3L);
            assertThat(owner.sentTo(6)).containsExactly(other);
        }

        @Test
        void acknowledgingOpensTheWindowForWhatWaitsInMemoryAndThenForWhatIsStored() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            for (int i = 0; i < 12; i++) {
                owner.send(request("7"));
            }
            assertThat(owner.stored()).isPositive();

            for (int number = 1; number <= 12; number++) {
                owner.acknowledge(5, number).work();
            }

            assertThat(owner.sentTo(5))
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
            assertThat(owner.stored()).isZero();
        }

        @Test
        void aMessageLargerThanTheWindowGoesOutAlone() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");

            owner.send(request("7").payload(5_000));
            owner.send(request("7"));
            assertThat(owner.sentTo(5)).containsExactly(0L);

            owner.acknowledge(5, 1);
            assertThat(owner.sentTo(5)).containsExactly(0L, 1L);
        }

        @Test
        void aFullLinkHoldsBackItsSessionsUntilItTurnsWritable() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.effects.fullLinks.add(LINK);
            owner.send(request("7"));
            owner.send(request("7"));
            assertThat(owner.sentTo(5)).isEmpty();

            owner.effects.fullLinks.clear();
            owner.work();

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L);
        }

        @Test
        void memoryIsBoundedByStoringFirst() {
            DispatchSettings small =
                    new DispatchSettings(
                            1_000,
                            1 << 20,
                            1_000,
                            2_000,
                            2_000,
                            250,
                            2_000,
                            1_000,
                            MailboxLimits.DEFAULTS,
                            false,
                            false);
            Owner owner = Owner.settled(small).connect(LINK, 5, "7");

            for (int i = 0; i < 100; i++) {
                owner.send(request("7").payload(200));
            }

            assertThat(owner.sentTo(5)).hasSize(100);
            assertThat(owner.dispatcher.memoryBytes()).isLessThan(4_000);
            assertThat(owner.stored()).isGreaterThan(80);
        }
    }

    @Nested
    final class Mail {
        @Test
        void aMessageForAnOfflineAddressIsStoredAndDeliveredWhenItConnects() {
            Owner owner = Owner.settled();
            long offset = owner.send(request("7:a"));
            owner.lookedUp(7, Standing.OURS);
            assertThat(owner.stored()).isEqualTo(1);

            owner.connect(LINK, 5, "7:a").acknowledge(5, 1);

            assertThat(owner.sentTo(5)).containsExactly(offset);
            assertThat(owner.stored()).isZero();
        }

        @Test
        void rule01MailKeepsItsOrderAheadOfWhatComesWhileItIsDrained() {
            Owner owner = Owner.settled();
            for (int i = 0; i < 6; i++) {
                owner.send(request("7"));
            }
            owner.lookedUp(7, Standing.OURS);
            owner.connect(LINK, 5, "7");
            owner.send(request("7"));

            for (int number = 1; number <= 7; number++) {
                owner.acknowledge(5, number).work();
            }
            long last = owner.send(request("7"));

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, last);
            assertThat(owner.stored()).isZero();
        }

        @Test
        void anUnconfirmedMessageOfAClosedSessionGoesBackToTheMailbox() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.send(request("7"));
            owner.acknowledge(5, 1).disconnect(5);
            assertThat(owner.stored()).isEqualTo(1);

            owner.connect(LINK, 6, "7");

            assertThat(owner.sentTo(6)).containsExactly(1L);
        }

        @Test
        void drainingReadsEachMessageOnceHoweverManyThereAre() {
            Owner owner = Owner.settled(DispatchSettings.DEFAULTS);
            for (int i = 0; i < 10_000; i++) {
                owner.send(request("7"));
            }
            owner.lookedUp(7, Standing.OURS).pass(1_000);
            long before = owner.store.reads();

            owner.connect(LINK, 5, "7");
            for (int number = 100; number <= 10_000; number += 100) {
                owner.acknowledge(5, number).work();
            }

            assertThat(owner.sentTo(5)).hasSize(10_000).isSorted();
            assertThat(owner.stored()).isZero();
            assertThat(owner.store.reads() - before).isLessThan(10_500);
        }

        @Test
        void connectingReadsAnAddressOfATwinWithManyAFewTimes() {
            Owner owner = Owner.settled(DispatchSettings.DEFAULTS);
            for (int i = 0; i < 1_000; i++) {
                owner.send(request("7:" + i));
            }
            owner.lookedUp(7, Standing.OURS);
            owner.pass(2_100).commit().takenOver();
            owner.pass(500);
            long before = owner.store.reads();

            for (int i = 0; i < 1_000; i++) {
                owner.connect(LINK, i, "7:" + i);
            }

            assertThat(owner.effects.deliveries).hasSize(1_000);
            // One to see that there is something, one to send it, and once a few to count.
            assertThat(owner.store.reads() - before).isLessThan(2_100);
        }

        @Test
        void aThousandMailboxesAndOneOfAThousandAreDrained() {
            Owner owner = Owner.settled();
            for (int twin = 1; twin <= 1_000; twin++) {
                owner.send(request(Integer.toString(twin)));
                owner.lookedUp(twin, Standing.OURS);
            }
            for (int i = 0; i < 1_000; i++) {
                owner.send(request("1"));
            }
            for (int twin = 1; twin <= 1_000; twin++) {
                owner.connect(LINK, twin, Integer.toString(twin));
            }
            for (int number = 1; number <= 1_001; number++) {
                owner.acknowledge(1, number).work();
            }

            assertThat(owner.effects.deliveries).hasSize(2_000);
            assertThat(owner.sentTo(1)).isSorted().hasSize(1_001).doesNotHaveDuplicates();
        }
    }

    @Nested
    final class OneQueuePerAddress {
        @Test
        void rule01AMessageThatWaitsForALookUpIsNotOvertaken() {
            Owner owner = Owner.settled();
            owner.send(request("7"));
            owner.send(request("7"));
            assertThat(owner.effects.lookUps).containsExactly(7L);

            owner.connect(LINK, 5, "7");
            owner.send(request("7"));

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L);
        }

        @Test
        void rule01WhatWaitsInMemoryIsNotSentAheadOfWhatWasStoredBefore() {
            Owner owner = Owner.settled();
            for (int i = 0; i < 5; i++) {
                // The first four are stored, undecided, and the last one waits in memory.
                owner.send(request("7"));
            }
            assertThat(owner.stored()).isEqualTo(4);

            owner.connect(LINK, 5, "7").acknowledge(5, 4).work();

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L, 3L, 4L);
        }

        @Test
        void rule01NothingGoesStraightOutWhileThereIsARest() {
            Owner owner = Owner.settled();
            owner.send(request("7").payload(900));
            owner.send(request("7").payload(900));
            owner.lookedUp(7, Standing.OURS);
            owner.connect(LINK, 5, "7");
            assertThat(owner.sentTo(5)).containsExactly(0L);

            // Small enough for the window, which the one before it is not.
            owner.send(request("7"));
            owner.acknowledge(5, 1).acknowledge(5, 2).work();

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L);
        }

        @Test
        void rule01TheAnswerOfALookUpIsCheckedAgainstWhatHappenedMeanwhile() {
            Owner owner = Owner.settled();
            owner.send(request("7").failFast());
            owner.connect(LINK, 5, "7");

            owner.lookedUp(7, Standing.UNKNOWN);

            assertThat(owner.sentTo(5)).containsExactly(0L);
            assertThat(owner.effects.refusals).isEmpty();
        }

        @Test
        void rule01TheMailboxIsEmptyOnlyWhenTheCursorHasReachedItsEnd() {
            Owner owner = Owner.settled();
            for (int i = 0; i < 4; i++) {
                owner.send(request("7"));
            }
            owner.lookedUp(7, Standing.OURS);
            owner.connect(LINK, 5, "7").work();
            // All four are in flight and still stored. One place in the window is free again.
            owner.acknowledge(5, 2);
            assertThat(owner.stored()).isEqualTo(2);

            owner.send(request("7"));

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L, 3L, 4L);
        }
    }

    @Nested
    final class TheWatermark {
        @Test
        void rule03TheWatermarkIsWrittenWithTheFirstRecord() {
            Owner owner = new Owner();

            owner.send(request("7"));

            assertThat(owner.watermark()).isZero();
        }

        @Test
        void rule03TheWatermarkStaysBelowWhatIsNotAcknowledgedAndMovesAtMostEvery250Ms() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.send(request("7"));

            owner.pass(1_000);
            assertThat(owner.watermark()).isZero();

            owner.acknowledge(5, 1).pass(10);
            assertThat(owner.watermark()).isEqualTo(1);

            owner.acknowledge(5, 2).pass(10);
            assertThat(owner.watermark()).isEqualTo(1);
            owner.pass(250);
            assertThat(owner.watermark()).isEqualTo(2);
        }

        @Test
        void rule03TheWatermarkPassesAMessageThatIsStoredBecauseItWasUnacknowledgedForLong() {
            Owner owner = Owner.settled().connect(LINK, 5, "7").connect(LINK, 6, "8");
            owner.send(request("7"));
            owner.send(request("8"));
            owner.acknowledge(6, 1);

            owner.pass(1_999);
            assertThat(owner.stored()).isZero();
            owner.pass(1);

            assertThat(owner.stored()).isEqualTo(1);
            assertThat(owner.pass(250).watermark()).isEqualTo(2);
            assertThat(owner.acknowledge(5, 1).stored()).isZero();
        }

        @Test
        void rule03TheWatermarkPassesARefusedMessageOnlyWhenTheAnswerIsAccepted() {
            Owner owner = Owner.settled();
            owner.send(request("7"));
            owner.lookedUp(7, Standing.UNKNOWN).pass(500);
            assertThat(owner.watermark()).isZero();

            owner.dispatcher.answered(0, true);

            assertThat(owner.pass(250).watermark()).isEqualTo(1);
        }

        @Test
        void rule03TheWatermarkMovesAlsoPastRecordsThatAreNoMessages() {
            Owner owner = Owner.settled();
            owner.send(TestMessage.header(), new byte[4], new byte[] {1, 2, 3});

            assertThat(owner.pass(250).watermark()).isEqualTo(1);
            assertThat(owner.dispatcher.counts().unreadable()).isEqualTo(1);
        }
    }

    @Nested
    final class Takeover {
        @Test
        void rule02WhatWasInFlightAtACrashIsReadFromTheLogAgain() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.send(request("7"));
            owner.commit();

            owner.crash().merge();
            owner.claim();
            owner.snapshot(LINK, owner.session(5, "7"));

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L);
        }

        @Test
        void rule02MailboxAndLogAreMergedByOffset() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            // 0 to 3 in flight, 4 to 6 in memory, then the mailbox.
            for (int i = 0; i < 9; i++) {
                owner.send(request("7"));
            }
            owner.commit();
            assertThat(owner.stored()).isPositive();

            owner.crash();
            owner.claim();
            owner.snapshot(LINK, owner.session(5, "7"));
            assertThat(owner.work().sentTo(5)).isEmpty();
            owner.merge().work();
            for (int number = 1; number <= 9; number++) {
                owner.acknowledge(5, number).work();
            }

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            assertThat(owner.stored()).isZero();
        }

        @Test
        void rule02NothingIsSentBeforeTheLogFromTheWatermarkOnWasRead() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.commit();

            owner.crash();
            owner.claim();
            owner.snapshot(LINK, owner.session(5, "7"));
            owner.give(0);
            assertThat(owner.sentTo(5)).isEmpty();

            owner.dispatcher.merged();
            assertThat(owner.sentTo(5)).containsExactly(0L);
        }

        @Test
        void ignoringTheWatermarkLosesWhatWasInFlight() {
            DispatchSettings unsafe =
                    new DispatchSettings(
                            4,
                            1_000,
                            3,
                            1 << 20,
                            2_000,
                            250,
                            2_000,
                            12 * 3_600_000L,
                            MailboxLimits.DEFAULTS,
                            false,
                            true);
            Owner owner = Owner.settled(unsafe).connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.commit();

            owner.crash().merge();
            owner.claim();
            owner.snapshot(LINK, owner.session(5, "7"));

            assertThat(owner.sentTo(5)).isEmpty();
        }

        @Test
        void rule03WhatWasDroppedAfterItWasStoredStaysDropped() {
            Owner owner = Owner.settled();
            owner.send(request("8"));
            owner.lookedUp(8, Standing.UNKNOWN);
            owner.send(response("7").expiration(0));
            owner.pass(2_100);
            assertThat(owner.stored()).isEqualTo(1);
            owner.lookedUp(7, Standing.OURS).work();
            assertThat(owner.stored()).isZero();
            // The first one has no answer yet, and the watermark stays below both.
            assertThat(owner.watermark()).isZero();

            owner.commit().takenOver().connect(LINK, 5, "7");

            assertThat(owner.sentTo(5)).isEmpty();
        }

        @Test
        void recordsThatAreHandedOverAgainAreRecognised() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));

            assertThat(owner.give(0)).isEqualTo(Taken.REPEATED);
            assertThat(owner.sentTo(5)).containsExactly(0L);
        }

        @Test
        void rule07ARefusalIsRememberedUntilTheWatermarkHasPassedIt() {
            Owner owner = Owner.settled();
            owner.send(request("7").failFast());
            owner.lookedUp(7, Standing.OURS).commit();
            assertThat(owner.effects.refusals).hasSize(1);

            owner.crash().merge();
            owner.claim();
            owner.dispatcher.gateways(Set.of(GATEWAY));
            owner.snapshot(LINK, owner.session(5, "7"));

            // Decided is decided, and the answer goes out once more.
            assertThat(owner.sentTo(5)).isEmpty();
            assertThat(owner.effects.refusals).hasSize(1);
            owner.dispatcher.answered(0, true);
            owner.pass(500);
            assertThat(owner.watermark()).isEqualTo(1);
            assertThat(owner.store.count('r')).isZero();
        }
    }

    @Nested
    final class Claims {
        @Test
        void rule11NothingIsSentBeforeTheClaimIsKnown() {
            Owner owner = new Owner().merge();
            owner.dispatcher.snapshot(LINK, GATEWAY, 10, List.of(owner.session(5, "7")), true);
            owner.send(request("7"));
            assertThat(owner.sentTo(5)).isEmpty();

            owner.claim();

            // What the gateway said early, under the claim that it heard of first, counts.
            assertThat(owner.effects.deliveries).containsExactly(new Delivery(LINK, 10, 5, 1, 0));
        }

        @Test
        void rule05AnotherOwnersHigherClaimStopsDeliveriesUntilTheNextOwnOne() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.dispatcher.superseded();
            owner.send(request("7"));
            owner.snapshot(LINK, owner.session(6, "7"));
            assertThat(owner.sentTo(5)).containsExactly(0L);
            assertThat(owner.sentTo(6)).isEmpty();

            owner.claim();
            owner.snapshot(LINK, owner.session(5, "7"));

            assertThat(owner.sentTo(5)).containsExactly(0L, 0L, 1L);
        }

        @Test
        void rule05WhenClaimsStartOverALowerOneOfOurOwnCounts() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            long old = owner.epoch;
            owner.dispatcher.claimsStartOver();
            owner.send(request("7"));
            owner.dispatcher.opened(LINK, GATEWAY, old, owner.session(6, "7"));
            assertThat(owner.sentTo(5)).containsExactly(0L);

            owner.epoch = 0;
            owner.dispatcher.claimed(owner.epoch);
            owner.snapshot(LINK, owner.session(5, "7"));

            assertThat(owner.sentTo(5)).containsExactly(0L, 0L, 1L);
            assertThat(owner.sentTo(6)).isEmpty();
        }

        @Test
        void rule11WhatNamesAnOlderClaimIsIgnored() {
            Owner owner = Owner.settled();
            long old = owner.epoch;
            owner.claim();
            owner.snapshot(LINK);
            owner.dispatcher.opened(LINK, GATEWAY, old, owner.session(5, "7"));

            owner.send(request("7"));

            assertThat(owner.sentTo(5)).isEmpty();
        }

        @Test
        void rule10EachClaimNumbersDeliveriesAnewWithTheUnacknowledgedFirst() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.send(request("7"));
            owner.acknowledge(5, 1);

            long epoch = owner.claim();
            owner.snapshot(LINK, owner.session(5, "7"));

            assertThat(owner.effects.deliveries)
                    .endsWith(new Delivery(LINK, epoch, 5, 1, 1))
                    .hasSize(3);
        }

        @Test
        void aLinkThatSaysTooMuchUnderAnUnknownClaimIsClosed() {
            Owner owner = new Owner();
            for (int i = 0; i < 20_000; i++) {
                owner.dispatcher.opened(LINK, GATEWAY, 10, owner.session(i, "7"));
            }
            assertThat(owner.effects.closedLinks).contains(LINK);
        }
    }

    @Nested
    final class Links {
        @Test
        void rule10DeliveriesOfASessionAreNumberedFromOneOnEachLink() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.send(request("7"));
            owner.send(request("7"));
            owner.acknowledge(5, 1);
            owner.dispatcher.linkClosed(LINK);

            owner.snapshot(2, owner.session(5, "7"));
            long last = owner.send(request("7"));

            assertThat(owner.effects.numbersTo(2, 5)).containsExactly(1L, 2L, 3L);
            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L, 1L, 2L, last);
            assertThat(owner.stored()).isZero();
        }

        @Test
        void rule10AcknowledgementsOfAFormerLinkAreIgnored() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.dispatcher.linkClosed(LINK);
            owner.snapshot(2, owner.session(5, "7"));

            owner.acknowledge(5, 1);

            assertThat(owner.dispatcher.counts().acknowledged()).isZero();
        }

        @Test
        void rule11NothingIsDeliveredBeforeTheLastPartOfTheSnapshot() {
            Owner owner = Owner.settled();
            owner.dispatcher.snapshot(
                    2, "gateway-2", owner.epoch, List.of(owner.session(5, "7")), false);
            owner.send(request("7"));
            assertThat(owner.sentTo(5)).isEmpty();

            owner.dispatcher.snapshot(2, "gateway-2", owner.epoch, List.of(), true);
            assertThat(owner.sentTo(5)).containsExactly(0L);
        }

        @Test
        void aSessionThatIsAnnouncedOnANewLinkBeforeTheOldOneIsClosedGoesOnThere() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.snapshot(2, owner.session(5, "7"));
            owner.dispatcher.linkClosed(LINK);

            owner.send(request("7"));

            assertThat(owner.effects.numbersTo(2, 5)).containsExactly(1L, 2L);
            assertThat(owner.effects.evictions).isEmpty();
        }

        @Test
        void rule10WhatWasStoredInFlightIsReadBackAfterALinkLoss() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.send(request("7"));
            owner.pass(2_100);
            owner.send(request("7"));
            owner.dispatcher.linkClosed(LINK);

            owner.snapshot(2, owner.session(5, "7")).work();

            assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 0L, 1L);
        }
    }

    @Nested
    final class OneSessionPerAddress {
        @Test
        void aNewSessionEvictsTheFormerWhereverItIs() {
            Owner owner = Owner.settled();
            owner.dispatcher.snapshot(2, "gateway-2", owner.epoch, List.of(), true);
            owner.connect(LINK, 5, "7");
            owner.send(request("7"));

            owner.dispatcher.opened(2, "gateway-2", owner.epoch, owner.session(6, "7"));
            owner.disconnect(5);
            owner.send(request("7"));

            assertThat(owner.effects.evictions).containsExactly(new Eviction(LINK, owner.epoch, 5));
            assertThat(owner.sentTo(6)).containsExactly(0L, 1L);
        }

        @Test
        void rule06ALiveConnectBeatsAnySnapshot() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");

            owner.snapshot(2, new SessionInfo(6, Address.of(7), owner.nowMs + 1_000));

            assertThat(owner.effects.evictions).containsExactly(new Eviction(2, owner.epoch, 6));
        }

        @Test
        void rule06BetweenSnapshotsTheLaterConnectWinsInEitherOrder() {
            SessionInfo early = new SessionInfo(5, Address.of(7), 100);
            SessionInfo late = new SessionInfo(6, Address.of(7), 200);

            Owner one = Owner.settled().snapshot(2, early).snapshot(3, late);
            Owner other = Owner.settled().snapshot(2, late).snapshot(3, early);

            assertThat(one.effects.evictions).extracting(Eviction::session).containsExactly(5L);
            assertThat(other.effects.evictions).extracting(Eviction::session).containsExactly(5L);
        }

        @Test
        void ofTwoThatConnectedAtTheSameTimeTheSameOneWinsInEitherOrder() {
            SessionInfo a = new SessionInfo(5, Address.of(7), 100);
            SessionInfo b = new SessionInfo(-6, Address.of(7), 100);

            Owner one = Owner.settled().snapshot(2, a).snapshot(3, b);
            Owner other = Owner.settled().snapshot(2, b).snapshot(3, a);

            assertThat(one.effects.evictions).extracting(Eviction::session).containsExactly(5L);
            assertThat(other.effects.evictions).extracting(Eviction::session).containsExactly(5L);
        }
    }

    @Nested
    final class Settling {
        @Test
        void rule06OfflineIsNotDecidedBeforeEveryLiveGatewayHasSpoken() {
            Owner owner = new Owner().merge();
            owner.claim();
            owner.dispatcher.gateways(Set.of(GATEWAY, "gateway-2"));
            owner.snapshot(LINK);
            owner.send(request("7").failFast());
            assertThat(owner.effects.lookUps).isEmpty();

            owner.dispatcher.snapshot(
                    2, "gateway-2", owner.epoch, List.of(owner.session(5, "7")), true);

            assertThat(owner.sentTo(5)).containsExactly(0L);
            assertThat(owner.effects.refusals).isEmpty();
        }

        @Test
        void rule06SettlingEndsAfterTwoSecondsWhoeverIsMissing() {
            Owner owner = new Owner().merge();
            owner.claim();
            owner.dispatcher.gateways(Set.of(GATEWAY));
            owner.pass(100);
            owner.send(request("7").failFast());

            owner.pass(1_899);
            assertThat(owner.effects.lookUps).isEmpty();
            owner.pass(1);
            assertThat(owner.effects.lookUps).containsExactly(7L);
        }

        @Test
        void rule06ThatNoGatewayIsAliveSettlesNothingBeforeItsTime() {
            Owner owner = Owner.settled();
            owner.send(request("7"));
            owner.commit().crash().merge();
            owner.claim();
            owner.dispatcher.gateways(Set.of());
            owner.send(request("7").failFast());
            assertThat(owner.effects.lookUps).isEmpty();

            owner.pass(1_500).pass(500);

            assertThat(owner.effects.lookUps).containsExactly(7L);
        }

        @Test
        void afterAPauseNothingCountsAsOfflineUntilItIsClearWhoOwnsThePartition() {
            Owner owner = Owner.settled();
            owner.pause(60_000);
            owner.send(request("7").failFast());
            owner.dispatcher.gateways(Set.of(GATEWAY));
            assertThat(owner.effects.lookUps).isEmpty();

            owner.pass(1_500).pass(500).lookedUp(7, Standing.OURS).work();

            assertThat(owner.effects.refusals).hasSize(1);
        }

        @Test
        void aSessionWhoseLinkWasLostIsGivenTimeToComeBack() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            owner.dispatcher.linkClosed(LINK);
            owner.send(request("7").failFast());
            owner.pass(1_900);
            assertThat(owner.effects.lookUps).isEmpty();

            owner.pass(100).lookedUp(7, Standing.OURS).work();

            assertThat(owner.effects.refusals).hasSize(1);
        }

        @Test
        void undecidedMessagesAreStoredInTimeAndDecidedOnLater() {
            Owner owner = Owner.settled();
            owner.send(request("7").failFast());
            owner.send(request("7"));
            owner.pass(2_100);
            assertThat(owner.stored()).isEqualTo(2);
            assertThat(owner.pass(250).watermark()).isEqualTo(2);

            owner.lookedUp(7, Standing.OURS).work();

            assertThat(owner.effects.refusals)
                    .extracting(r -> r.refusal().text())
                    .containsExactly("destination offline");
            assertThat(owner.stored()).isEqualTo(1);
            assertThat(owner.store.count('u')).isZero();
        }

        @Test
        void rule06NothingStoredIsDecidedOnWhileItIsNotCertainWhoOwnsThePartition() {
            Owner owner = Owner.settled();
            owner.send(request("7").failFast());
            owner.pass(2_100);
            // The sweep is due, and then the process is stopped for a while.
            owner.dispatcher.lookedUp(7, Standing.OURS);
            owner.nowMs += 60_000;
            owner.dispatcher.tick(owner.now());
            owner.work();
            assertThat(owner.stored()).isEqualTo(1);

            owner.pass(2_000).lookedUp(7, Standing.OURS).work();

            assertThat(owner.told()).containsExactly("0 destination offline");
        }

        @Test
        void theNextOwnerDecidesOnWhatItsPredecessorStoredUndecided() {
            Owner owner = Owner.settled();
            owner.send(request("7"));
            owner.pass(2_100).pass(300).commit().crash().merge();
            owner.claim();
            owner.dispatcher.gateways(Set.of(GATEWAY));
            owner.snapshot(LINK);
            assertThat(owner.effects.lookUps).containsExactly(7L);

            owner.lookedUp(7, Standing.UNKNOWN).work();

            assertThat(owner.stored()).isZero();
            assertThat(owner.effects.refusals).hasSize(1);
        }
    }

    @Nested
    final class Refusing {
        @Test
        void anUnknownTwinIsToldToTheRequester() {
            Owner owner = Owner.settled();

            owner.send(request("7").uid("u-1"));
            owner.lookedUp(7, Standing.UNKNOWN);

            assertThat(owner.effects.refusals)
                    .containsExactly(
                            new RecordingEffects.Refused(
                                    0, new Refusal("u-1", CALLER, "unknown twin destination")));
        }

        @Test
        void aTwinWithoutRelayIsToldToTheRequester() {
            Owner owner = Owner.settled();

            owner.send(request("7"));
            owner.lookedUp(7, Standing.NO_RELAY);

            assertThat(owner.effects.refusals)
                    .extracting(r -> r.refusal().text())
                    .containsExactly("relay info is not set for this twin");
        }

        @Test
        void errorsAnswerRequestsOnly() {
            Owner owner = Owner.settled();

            owner.send(response("7").failFast());
            owner.send(response("8"));
            owner.lookedUp(7, Standing.OURS).lookedUp(8, Standing.UNKNOWN);

            assertThat(owner.effects.refusals).isEmpty();
            assertThat(owner.stored()).isZero();
            assertThat(owner.dispatcher.counts().refused(Reason.DESTINATION_OFFLINE)).isEqualTo(1);
            assertThat(owner.dispatcher.counts().refused(Reason.UNKNOWN_TWIN)).isEqualTo(1);
            assertThat(owner.pass(300).watermark()).isEqualTo(2);
        }

        @Test
        void aLookUpThatFailsIsTriedAgainAndTheMessageKept() {
            Owner owner = Owner.settled();
            owner.send(request("7"));
            owner.dispatcher.lookUpFailed(7);
            owner.pass(1_000);
            assertThat(owner.effects.lookUps).containsExactly(7L, 7L);

            owner.lookedUp(7, Standing.OURS);

            assertThat(owner.stored()).isEqualTo(1);
        }

        @Test
        void rule09AnAnswerThatWasNotAcceptedIsSentAgain() {
            Owner owner = Owner.settled();
            owner.send(request("7"));
            owner.lookedUp(7, Standing.UNKNOWN);

            owner.dispatcher.answered(0, false);
            owner.pass(1_000);

            assertThat(owner.effects.refusals).hasSize(2);
            assertThat(owner.watermark()).isZero();
        }
    }

    @Nested
    final class StrangeRecords {
        @Test
        void anUnknownVersionIsCountedAndParked() {
            Owner owner = Owner.settled().connect(LINK, 5, "7");
            byte[] header = TestMessage.header();
            header[0] = 2;

            owner.send(header, request("7").key(), request("7").value());

            assertThat(owner.dispatcher.counts().parked()).isEqualTo(1);
            assertThat(owner.store.count('p')).isEqualTo(1);
            assertThat(owner.sentTo(5)).isEmpty();
        }

        @Test
        void aRecordWithoutHeaderKeyOrContentOrForAnotherTwinIsCountedAndPassed() {
            Owner owner = Owner.settled();
            TestMessage message = request("7");
            byte[] header = TestMessage.header();
            Dispatcher dispatcher = owner.dispatcher;

            assertThat(dispatcher.record(0, 0, null, message.key(), message.value()))
                    .isEqualTo(Taken.UNREADABLE);
            assertThat(dispatcher.record(1, 0, header, null, message.value()))
                    .isEqualTo(Taken.UNREADABLE);
            assertThat(dispatcher.record(2, 0, header, message.key(), null))
                    .isEqualTo(Taken.UNREADABLE);
            assertThat(dispatcher.record(3, 0, header, new byte[] {1}, message.value()))
                    .isEqualTo(Taken.UNREADABLE);
            assertThat(dispatcher.record(4, 0, header, request("8").key(), message.value()))
                    .isEqualTo(Taken.UNREADABLE);
            assertThat(dispatcher.counts().unreadable()).isEqualTo(5);
        }
    }
}
