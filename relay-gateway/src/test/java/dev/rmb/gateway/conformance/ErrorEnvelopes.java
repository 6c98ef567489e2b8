package dev.rmb.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.proto.Envelope;

/** What the relay answers to requests that it refuses. */
final class ErrorEnvelopes {
    private ErrorEnvelopes() {}

    /** Checks the form of the answer; returns its text. */
    static String textOf(Envelope answer, Envelope request) {
        assertThat(answer.hasError()).as("an error: %s", answer).isTrue();
        assertThat(answer.getUid()).isEqualTo(request.getUid());
        assertThat(answer.hasSource() && answer.getSource().getTwin() != 0).isFalse();
        assertThat(answer.getError().getCode()).isZero();
        assertThat(answer.getExpiration()).isEqualTo(300);
        assertThat(answer.hasSignature()).isFalse();
        return answer.getError().getMessage();
    }
}
