package dev.rmb.reliability.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Histories made by hand: each defect is found, and nothing else is taken for one. */
final class ProofTest {
    private static final long LATER = 60_000;

    private final Proof proof = new Proof();
    private final Pair pair = proof.add();
    private final Arrivals receiver = new Arrivals();
    private int session = receiver.begin();

    @Test
    void aRunInWhichEverythingArrivesInOrderIsAsPromised() {
        send(5);
        confirm(0, 5);
        arrive(0, 1, 2, 3, 4);

        assertThat(proof.findings())
                .isEqualTo(new Findings(5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0))
                .matches(Findings::arePromised);
    }

    @Test
    void aConfirmedMessageThatNeverArrivesIsLost() {
        send(3);
        confirm(0, 3);
        arrive(0, 2);

        assertThat(proof.findings().lost()).isEqualTo(1);
        assertThat(proof.findings().arePromised()).isFalse();
    }

    @Test
    void whatWasNeverConfirmedMayArriveOrNot() {
        send(3);
        confirm(0, 1);
        arrive(0, 2);

        assertThat(proof.findings().arePromised()).isTrue();
        assertThat(proof.findings().received()).isEqualTo(2);
    }

    @Test
    void aMessageWhoseSenderGotAnErrorIsNotLost() {
        send(2);
        confirm(0, 2);
        pair.answered(1);
        arrive(0);

        assertThat(proof.findings().arePromised()).isTrue();
        assertThat(proof.findings().answered()).isEqualTo(1);
    }

    @Test
    void aMessageThatArrivesAfterAnErrorCountsOnce() {
        send(1);
        pair.answered(0);
        confirm(0, 1);
        arrive(0);
        pair.answered(0);

        assertThat(proof.missing()).isZero();
        assertThat(proof.findings().arePromised()).isTrue();
    }

    @Test
    void anArrivalBeforeItsConfirmationIsNotMissing() {
        send(1);
        arrive(0);
        confirm(0, 1);

        assertThat(proof.missing()).isZero();
    }

    @Test
    void anInversionWithinASenderSessionIsFound() {
        send(3);
        arrive(0, 2, 1);

        assertThat(proof.findings().reordered()).isEqualTo(1);
    }

    @Test
    void anInversionIsFoundAcrossReceiverSessions() {
        send(3);
        arrive(0, 2);
        reconnect(LATER);
        arrive(1);

        assertThat(proof.findings().reordered()).isEqualTo(1);
    }

    @Test
    void aRepetitionOutOfOrderIsFoundWithinTheReceiverSession() {
        send(4);
        arrive(0, 1, 2);
        reconnect(LATER);
        arrive(3, 1);

        assertThat(proof.findings().reordered()).isEqualTo(1);
    }

    @Test
    void aRepetitionInOrderIsNoInversion() {
        send(4);
        arrive(0, 1, 2);
        reconnect(LATER);
        arrive(1, 2, 3);

        assertThat(proof.findings().arePromised()).isTrue();
        assertThat(proof.findings().repeated()).isEqualTo(2);
    }

    @Test
    void whatASenderConfirmedBeforeItReconnectedComesFirst() {
        send(2);
        confirm(0, 2);
        pair.senderSession();
        send(1);
        arrive(0, 2, 1);

        assertThat(proof.findings().reordered()).isEqualTo(1);
    }

    @Test
    void whoMovedToAnotherRelayMayOvertakeHimselfAndNothingElse() {
        proof.mayOvertake();
        send(3);
        confirm(0, 3);
        pair.senderSession();
        send(1);
        arrive(0, 3, 1, 2);

        assertThat(proof.findings().reordered()).isZero();
        assertThat(proof.overtaken()).isEqualTo(2);

        send(2);
        arrive(5, 4);

        assertThat(proof.findings().reordered()).isEqualTo(1);
    }

    @Test
    void whatASenderNeverConfirmedBeforeItReconnectedMayComeLate() {
        send(2);
        confirm(0, 1);
        pair.senderSession();
        send(1);
        arrive(0, 2, 1);

        assertThat(proof.findings().reordered()).isZero();
    }

    @Test
    void anInversionAmongLateMessagesOfOneSenderSessionIsFound() {
        send(3);
        confirm(0, 1);
        pair.senderSession();
        send(1);
        arrive(0, 3, 2, 1);

        assertThat(proof.findings().reordered()).isEqualTo(1);
    }

    @Test
    void aRepetitionInOneSessionIsFound() {
        send(2);
        arrive(0, 1, 0);

        assertThat(proof.findings().repeatedInSession()).isEqualTo(1);
        assertThat(proof.findings().arePromised()).isFalse();
    }

    @Test
    void aLaterSessionMaySeeAgainWhatItsPredecessorNeverConfirmed() {
        send(1);
        arrive(0);
        reconnect(LATER);
        arrive(0);

        assertThat(proof.findings().arePromised()).isTrue();
        assertThat(proof.findings().repeated()).isEqualTo(1);
    }

    @Test
    void aLaterSessionMustNotSeeAgainWhatItsPredecessorConfirmed() {
        send(1);
        arrive(0);
        pair.acknowledged(0, 1_000);
        reconnect(LATER);
        arrive(0);

        assertThat(proof.findings().repeatedWithoutExcuse()).isEqualTo(1);
        assertThat(proof.findings().arePromised()).isFalse();
    }

    @Test
    void aConfirmationJustBeforeTheSessionEndedMayHaveComeTooLate() {
        send(1);
        arrive(0);
        pair.acknowledged(0, LATER - 100);
        reconnect(LATER);
        arrive(0);

        assertThat(proof.findings().arePromised()).isTrue();
    }

    @Test
    void aConfirmationJustBeforeACrashMayBeForgotten() {
        send(2);
        arrive(0, 1);
        pair.acknowledged(0, 1_000);
        pair.acknowledged(1, 9_700);
        proof.disturbed(10_000, 20_000);
        reconnect(LATER);
        arrive(0, 1);

        assertThat(proof.findings().repeated()).isEqualTo(2);
        assertThat(proof.findings().repeatedWithoutExcuse()).isEqualTo(1);
        assertThat(proof.findings().forgottenMs()).isEqualTo(300);
    }

    @Test
    void eachRepetitionIsJudgedByTheLastConfirmation() {
        send(1);
        arrive(0);
        pair.acknowledged(0, LATER - 100);
        reconnect(LATER);
        arrive(0);
        pair.acknowledged(0, LATER + 100);
        reconnect(2 * LATER);
        arrive(0);

        assertThat(proof.findings().repeated()).isEqualTo(2);
        assertThat(proof.findings().repeatedWithoutExcuse()).isEqualTo(1);
    }

    @Test
    void aNumberThatWasNeverSentIsForeign() {
        send(1);
        arrive(0, 1);

        assertThat(proof.findings().foreign()).isEqualTo(1);
    }

    @Test
    void pairsAreJudgedEachForItself() {
        Pair other = proof.add();
        send(2);
        other.send();
        arrive(1);
        other.arrived(0, receiver, session);

        assertThat(proof.findings().reordered()).isZero();
        assertThat(proof.findings().received()).isEqualTo(2);
    }

    @Test
    void aHundredSenderSessionsAreKeptApart() {
        for (int i = 0; i < 100; i++) {
            pair.senderSession();
            send(2);
            confirm(2 * i, 2 * i + 2);
        }
        for (int i = 0; i < 200; i++) {
            arrive(i);
        }
        assertThat(proof.findings().arePromised()).isTrue();
        assertThat(proof.findings().received()).isEqualTo(200);
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            pair.send();
        }
    }

    private void confirm(int from, int to) {
        for (int number = from; number < to; number++) {
            pair.confirmed(number);
        }
    }

    private void arrive(int... numbers) {
        for (int number : numbers) {
            pair.arrived(number, receiver, session);
        }
    }

    private void reconnect(long now) {
        receiver.end(session, now);
        session = receiver.begin();
    }
}
