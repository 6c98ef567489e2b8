package dev.rmb.router.dispatch;

import static dev.rmb.router.dispatch.Owner.LINK;
import static dev.rmb.router.dispatch.TestMessage.request;
import static dev.rmb.router.dispatch.TestMessage.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.cluster.RecordHeader;
import dev.rmb.protocol.Address;
import dev.rmb.router.dispatch.RecordingEffects.Post;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mail that leaves for other relays. See delivery.md, 19, and docs/federation.md. */
final class OutboundTest {
    private static final List<String> RELAYS = List.of("r1.example.net", "r2.example.net");
    private static final Standing ELSEWHERE = Standing.elsewhere(RELAYS);
    private static final int MINUTE = 60_000;

    @Test
    void aMessageStaysInTheMailboxUntilARelayHasAcceptedIt() {
        Owner owner = elsewhere();
        owner.send(request("7:a"));
        Post post = owner.work().effects.posts.getFirst();
        assertThat(post.to()).isEqualTo(Address.parse("7:a"));
        assertThat(post.relays()).isEqualTo(RELAYS);
        assertThat(post.offsets()).containsExactly(0L);
        assertThat(owner.stored()).isEqualTo(1);

        answer(owner, Posted.ACCEPTED);

        assertThat(owner.work().stored()).isZero();
        assertThat(owner.told()).isEmpty();
        assertThat(owner.dispatcher.counts().federated()).isEqualTo(1);
        assertThat(owner.pass(300).watermark()).isEqualTo(1);
    }

    @Test
    void nothingLeavesBeforeTheOwnerIsSettled() {
        Owner owner = new Owner();
        owner.merge();
        owner.claim();
        owner.send(request("7"));
        owner.lookedUp(7, ELSEWHERE).pass(1_000);
        assertThat(owner.effects.posts).isEmpty();

        owner.pass(1_500).lookedUp(7, ELSEWHERE).work();

        assertThat(owner.effects.posts).hasSize(1);
    }

    @Test
    void mailThatWasKeptHereLeavesWhenItsTwinLivesElsewhereByNow() {
        Owner owner = ExpiryTest.ours();
        owner.send(request("7"));
        owner.send(request("7:phone"));
        owner.pass(20_000);
        assertThat(owner.stored()).isEqualTo(2);
        assertThat(owner.effects.posts).isEmpty();

        owner.dispatcher.decideAnew(7);
        owner.lookedUp(7, ELSEWHERE).work();

        assertThat(owner.effects.posts).hasSize(2);
    }

    @Test
    void rule02NothingLeavesBeforeTheTakeoverIsDone() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.pass(300).commit().crash().claim();
        owner.dispatcher.gateways(java.util.Set.of(Owner.GATEWAY));
        owner.snapshot(LINK).lookedUp(7, ELSEWHERE).pass(3_000);
        assertThat(owner.effects.posts).isEmpty();

        owner.merge().work();

        assertThat(offsets(owner)).containsExactly(List.of(0L));
    }

    @Test
    void aRefusalThatComesWhileItIsNotCertainWhoOwnsThePartitionIsNotBelieved() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.work().pause(MINUTE);

        answer(owner, Posted.OFFLINE);
        assertThat(owner.stored()).isEqualTo(1);
        owner.pass(3_000);
        assertThat(owner.told()).isEmpty();

        assertThat(offsets(owner)).containsExactly(List.of(0L));
    }

    @Test
    void rule19AnAddressHasOneThingUnderWayAndTheNextFollowsInOrder() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.work();
        owner.send(request("7"));
        owner.send(request("7"));
        owner.send(request("7:b"));
        assertThat(offsets(owner.work())).containsExactly(List.of(0L), List.of(3L));

        answer(owner, Posted.ACCEPTED);

        assertThat(offsets(owner.work())).containsExactly(List.of(3L), List.of(1L, 2L));
    }

    @Test
    void aRelayThatDoesNotAnswerIsTriedAgainAfterAGrowingPauseAndTheOrderIsKept() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.send(request("7"));
        owner.work();
        answer(owner, Posted.FAILED);
        assertThat(owner.pass(900).effects.posts).isEmpty();
        assertThat(offsets(owner.pass(200))).containsExactly(List.of(0L, 1L));
        answer(owner, Posted.FAILED);
        assertThat(owner.pass(1_900).effects.posts).isEmpty();
        assertThat(offsets(owner.pass(200))).containsExactly(List.of(0L, 1L));

        answer(owner, Posted.ACCEPTED);
        answer(owner, Posted.ACCEPTED);

        assertThat(owner.work().stored()).isZero();
        assertThat(owner.told()).isEmpty();
    }

    @Test
    void whatNoRelayTakesExpiresAndItsRequesterIsTold() {
        Owner owner = elsewhere();
        owner.send(request("7").expiration(60));
        owner.send(response("7").expiration(60));
        for (int i = 0; i < 100; i++) {
            owner.pass(1_000);
            if (!owner.effects.posts.isEmpty()) {
                answer(owner, Posted.FAILED);
            }
        }

        assertThat(owner.told()).containsExactly("0 message has expired");
        assertThat(owner.stored()).isZero();
        assertThat(owner.pass(11_000).store.count('u')).isZero();
        assertThat(owner.effects.waiting).containsEntry("r1.example.net", 0);
    }

    @Test
    void whatIsUnderWayDoesNotExpireUntilItsAnswerIsThere() {
        Owner owner = elsewhere();
        owner.send(request("7").expiration(60));
        owner.pass(2 * MINUTE);
        assertThat(owner.told()).isEmpty();

        answer(owner, Posted.ACCEPTED);

        assertThat(owner.pass(5_000).told()).isEmpty();
        assertThat(owner.stored()).isZero();
    }

    @Test
    void aFailFastMessageIsAnsweredAfterTheFirstRound() {
        Owner owner = elsewhere();
        owner.send(request("7").failFast());
        owner.send(request("7"));
        owner.send(request("7").failFast());
        owner.work();

        answer(owner, Posted.FAILED);
        owner.send(request("7").failFast());

        assertThat(owner.work().told())
                .containsExactly(
                        "0 destination offline", "2 destination offline", "3 destination offline");
        assertThat(owner.stored()).isEqualTo(1);
    }

    @Test
    void aMessageWithoutAnyTimeToLiveIsTriedOnceAndThenDropped() {
        Owner owner = elsewhere();
        owner.send(request("7").expiration(0));
        owner.work();
        assertThat(owner.effects.posts).hasSize(1);

        answer(owner, Posted.FAILED);

        assertThat(owner.work().stored()).isZero();
        assertThat(owner.told()).isEmpty();
        assertThat(owner.dispatcher.counts().dropped()).isEqualTo(1);
    }

    @Test
    void thatATwinIsNotThereIsFinalOnceTheDirectoryWasAskedAnew() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.send(request("7"));
        owner.work();

        answer(owner, Posted.NOT_THERE);
        assertThat(owner.work().told()).isEmpty();
        assertThat(owner.effects.lookUpsAnew).containsExactly(7L);
        owner.lookedUpAnew(7, ELSEWHERE).work();

        assertThat(owner.told()).containsExactly("0 destination offline");
        assertThat(offsets(owner)).containsExactly(List.of(1L));
        // Not again at once, whatever the relay says.
        answer(owner, Posted.NOT_THERE);
        assertThat(owner.work().told()).contains("1 destination offline");
        assertThat(owner.effects.lookUpsAnew).hasSize(1);
    }

    @Test
    void aTwinThatMovedHereGetsItsMailHere() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.send(request("7"));
        owner.work();
        answer(owner, Posted.NOT_THERE);

        owner.lookedUpAnew(7, Standing.OURS).connect(LINK, 5, "7").work();

        assertThat(owner.sentTo(5)).containsExactly(0L, 1L);
        assertThat(owner.effects.posts).isEmpty();
        assertThat(owner.told()).isEmpty();
    }

    @Test
    void aTwinThatMovedToAnotherRelayIsFollowed() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.work();
        answer(owner, Posted.NOT_THERE);

        owner.lookedUpAnew(7, Standing.elsewhere(List.of("r9.example.net"))).work();

        assertThat(owner.effects.posts).hasSize(1);
        assertThat(owner.effects.posts.getFirst().relays()).containsExactly("r9.example.net");
        assertThat(owner.effects.waiting).containsEntry("r1.example.net", 0);
    }

    @Test
    void whatWasNotTriedBecauseThisRouterStopsIsTheNextOwners() {
        Owner owner = elsewhere();
        owner.send(request("7").failFast());
        owner.send(request("7").expiration(0));
        owner.work();

        answer(owner, Posted.NOT_TRIED);

        assertThat(owner.work().told()).isEmpty();
        assertThat(owner.stored()).isEqualTo(2);
        assertThat(owner.dispatcher.counts().dropped()).isZero();
    }

    @Test
    void aTwinThatLeavesARelayThatIsGoneIsFollowedWhileItsMailIsPutOff() {
        Owner owner = elsewhere();
        for (int i = 0; i < 5; i++) {
            owner.send(request("7:" + i));
        }
        owner.work();
        for (int i = 0; i < 5; i++) {
            answer(owner, Posted.FAILED);
        }
        owner.effects.lookUps.clear();

        owner.pass(11_000);

        assertThat(owner.effects.lookUps).containsExactly(7L);
        owner.effects.posts.clear();
        owner.lookedUp(7, Standing.elsewhere(List.of("r9.example.net"))).work();
        assertThat(owner.effects.posts)
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(post -> post.relays().equals(List.of("r9.example.net")));
    }

    @Test
    void aRefusalThatIsDoubtedWaitsForWhatTheDirectorySaysAnew() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.work();
        answer(owner, Posted.NOT_THERE);

        // Asked for another message, and answered by what is remembered.
        owner.lookedUp(7, ELSEWHERE).work();
        owner.dispatcher.lookUpFailed(7);
        assertThat(owner.work().told()).isEmpty();
        assertThat(owner.effects.posts).isEmpty();
        owner.lookedUpAnew(7, Standing.elsewhere(List.of("r9.example.net"))).work();

        assertThat(owner.told()).isEmpty();
        assertThat(offsets(owner)).containsExactly(List.of(0L));
    }

    @Test
    void otherRefusalsAreFinalAtOnce() {
        Owner owner = elsewhere();
        owner.send(request("7").failFast());
        owner.work();

        answer(owner, Posted.OFFLINE);

        owner.send(request("7"));
        owner.work();
        answer(owner, Posted.REFUSED);
        owner.send(request("7"));
        owner.work();
        answer(owner, Posted.NO_USABLE_RELAY);

        assertThat(owner.told())
                .containsExactly(
                        "0 destination offline",
                        "1 destination offline",
                        "2 no usable relay is set for this twin");
        assertThat(owner.effects.lookUpsAnew).isEmpty();
    }

    @Test
    void whatAnotherRelayBroughtGoesToNoThirdOne() {
        Owner owner = elsewhere();
        byte[] federated = new RecordHeader(RecordHeader.Kind.FEDERATED, 1_000_000).encode();
        owner.send(federated, request("7").key(), request("7").value());
        assertThat(owner.work().effects.posts).isEmpty();
        assertThat(owner.told()).containsExactly("0 twin is not of this relay");

        owner.lookedUp(7, Standing.OURS);
        owner.send(federated, request("7").key(), request("7").value());
        assertThat(owner.stored()).isEqualTo(1);
        owner.pass(1_500).send(request("7"));
        owner.lookedUp(7, ELSEWHERE).work();

        assertThat(offsets(owner)).containsExactly(List.of(2L));
        assertThat(owner.told()).contains("1 twin is not of this relay");
    }

    @Test
    void aRelayThatIsLeftPassesOnWhatOthersBrought() {
        Owner owner = Owner.settled(Owner.passingOn());
        owner.connect(LINK, 99, "7:visitor").disconnect(99);
        owner.lookedUp(7, Standing.OURS);
        byte[] federated = new RecordHeader(RecordHeader.Kind.FEDERATED, 1_000_000).encode();
        owner.send(federated, request("7").key(), request("7").value());
        assertThat(owner.stored()).isEqualTo(1);

        owner.dispatcher.decideAnew(7);
        owner.lookedUp(7, ELSEWHERE).work();
        owner.send(federated, request("7").key(), request("7").value());

        assertThat(offsets(owner)).containsExactly(List.of(0L));
        answer(owner, Posted.ACCEPTED);
        owner.work();
        assertThat(offsets(owner)).containsExactly(List.of(1L));
        assertThat(owner.told()).isEmpty();
    }

    @Test
    void nobodyIsToldThatAResponseWasRefused() {
        Owner owner = elsewhere();
        owner.send(response("7").failFast());
        owner.work();

        answer(owner, Posted.OFFLINE);

        assertThat(owner.told()).isEmpty();
        assertThat(owner.stored()).isZero();
    }

    @Test
    void whoConnectsHereGetsWhatWaitsAndAnAnswerThatComesLaterChangesNothing() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.send(request("7"));
        owner.work();

        owner.connect(LINK, 5, "7");
        assertThat(owner.sentTo(5)).containsExactly(0L, 1L);
        answer(owner, Posted.ACCEPTED);
        assertThat(owner.stored()).isEqualTo(2);
        owner.acknowledge(5, 2);
        assertThat(owner.stored()).isZero();
        answer(owner, Posted.ACCEPTED);

        assertThat(owner.work().effects.posts).isEmpty();
    }

    @Test
    void whatARelayAcceptedWhileSomebodyWasConnectedHereIsNeitherSentAgainNorExpires() {
        Owner owner = elsewhere();
        owner.send(request("7").expiration(60));
        owner.send(request("7"));
        owner.send(request("7"));
        owner.work();
        owner.connect(LINK, 5, "7");
        answer(owner, Posted.ACCEPTED);
        answer(owner, Posted.ACCEPTED);
        answer(owner, Posted.FAILED);
        owner.pass(2 * MINUTE);

        owner.disconnect(5).pass(5_000).lookedUp(7, ELSEWHERE).work();

        assertThat(offsets(owner)).containsExactly(List.of(2L));
        assertThat(owner.told()).isEmpty();
        assertThat(owner.stored()).isEqualTo(1);
    }

    @Test
    void nobodyIsToldThatWhatARelayAcceptedHasExpiredWhoeverConnectsLater() {
        Owner owner = elsewhere();
        owner.send(request("7").expiration(60));
        owner.work();
        owner.connect(LINK, 5, "7");
        answer(owner, Posted.ACCEPTED);
        owner.pass(2 * MINUTE);

        owner.connect(LINK, 6, "7");

        assertThat(owner.sentTo(6)).isEmpty();
        assertThat(owner.told()).isEmpty();
        assertThat(owner.stored()).isZero();
    }

    @Test
    void rule02WhatWasStoredDoesNotLeaveBeforeWhatTheLogHasFromBefore() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        for (int i = 0; i < 8; i++) {
            owner.send(request("7"));
        }
        assertThat(owner.sentTo(5)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(owner.stored()).isEqualTo(4);
        owner.acknowledge(5, 1).pass(300).commit().takenOver().dispatcher.allow(1);

        owner.lookedUp(7, ELSEWHERE).work();
        assertThat(offsets(owner)).containsExactly(List.of(1L));

        owner.dispatcher.allow(Long.MAX_VALUE);
        answer(owner.work(), Posted.ACCEPTED);
        assertThat(offsets(owner.work())).containsExactly(List.of(2L, 3L, 4L, 5L, 6L, 7L));
    }

    @Test
    void whatASessionDidNotConfirmLeavesWhenItIsGone() {
        Owner owner = elsewhere().connect(LINK, 5, "7");
        owner.send(request("7"));
        assertThat(owner.sentTo(5)).containsExactly(0L);

        owner.disconnect(5).lookedUp(7, ELSEWHERE).work();

        assertThat(offsets(owner)).containsExactly(List.of(0L));
    }

    @Test
    void whatWasStoredForAVisitorOfWhoseTwinNobodyAskedLeavesByTheNextOwner() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        owner.send(request("7"));
        owner.pass(2_500);
        assertThat(owner.stored()).isEqualTo(1);
        assertThat(owner.effects.lookUps).isEmpty();
        owner.pass(20_000).commit().takenOver();
        assertThat(owner.effects.lookUps).containsExactly(7L);

        owner.lookedUp(7, ELSEWHERE).work();

        assertThat(offsets(owner)).containsExactly(List.of(0L));
    }

    @Test
    void whatAVisitorLeftLeavesWhenTheDirectoryAnswersHoweverLate() {
        Owner owner = Owner.settled().connect(LINK, 5, "7");
        owner.send(request("7"));
        owner.pass(2_500).disconnect(5);
        assertThat(owner.effects.lookUps).containsExactly(7L);
        owner.pass(25_000);

        owner.lookedUp(7, ELSEWHERE).work();

        assertThat(offsets(owner)).containsExactly(List.of(0L));
    }

    @Test
    void theNextOwnerSendsWhatWasNotAccepted() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.send(request("7:b"));
        owner.send(request("7"));
        owner.work();
        answer(owner, Posted.ACCEPTED);
        owner.pass(300).commit().takenOver();
        assertThat(owner.effects.lookUps).containsExactly(7L);

        owner.lookedUp(7, ELSEWHERE).work();

        assertThat(offsets(owner)).containsExactlyInAnyOrder(List.of(1L), List.of(2L));
    }

    @Test
    void aLineWhoseRelayIsDownIsProbedByOneAddressAndHoldsUpNobodyElse() {
        Owner owner = elsewhere();
        for (int i = 0; i < 10; i++) {
            owner.send(request("7:" + i));
        }
        owner.work();
        assertThat(owner.effects.posts).hasSize(10);
        for (int i = 0; i < 10; i++) {
            answer(owner, Posted.FAILED);
        }
        owner.connect(LINK, 99, "8:visitor").disconnect(99);
        owner.send(request("8"));
        owner.lookedUp(8, Standing.elsewhere(List.of("good.example.net"))).work();
        assertThat(offsets(owner)).containsExactly(List.of(10L));
        answer(owner, Posted.ACCEPTED);

        for (int i = 0; i < 400 && owner.effects.posts.isEmpty(); i++) {
            owner.pass(1_000);
        }
        assertThat(owner.effects.posts).hasSize(1);
        answer(owner, Posted.ACCEPTED);

        owner.work();
        assertThat(owner.effects.posts).hasSizeGreaterThan(1);
    }

    @Test
    void aRelayWhoseFailuresAreForgottenIsTriedAtOnce() {
        Owner owner = elsewhere();
        owner.send(request("7"));
        owner.work();
        answer(owner, Posted.FAILED);

        owner.dispatcher.relayIsReset("r2.example.net");

        assertThat(owner.work().effects.posts).hasSize(1);
    }

    @Test
    void nothingIsHandedOverWhileFederationHasNoRoom() {
        Owner owner = elsewhere();
        owner.effects.fullRelays.addAll(RELAYS);
        owner.send(request("7"));
        assertThat(owner.work().effects.posts).isEmpty();

        owner.effects.fullRelays.clear();

        assertThat(owner.work().effects.posts).hasSize(1);
    }

    /** Answers the next message that is under way. */
    private static void answer(Owner owner, Posted what) {
        Post post = owner.effects.posts.removeFirst();
        List<Long> rest = post.offsets().subList(1, post.offsets().size());
        if (what == Posted.ACCEPTED && !rest.isEmpty()) {
            owner.effects.posts.addFirst(new Post(post.ticket(), post.to(), post.relays(), rest));
        }
        owner.dispatcher.posted(post.to(), post.ticket(), post.offsets().getFirst(), what);
    }

    private static List<List<Long>> offsets(Owner owner) {
        return owner.effects.posts.stream().map(Post::offsets).toList();
    }

    /** Twin 7 lives on other relays, and that is known. */
    private static Owner elsewhere() {
        Owner owner = Owner.settled();
        owner.connect(LINK, 99, "7:visitor").disconnect(99);
        return owner.lookedUp(7, ELSEWHERE);
    }
}
