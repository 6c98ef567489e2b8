package dev.rmb.protocol.sr25519;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class TranscriptTest {
    /** The known answer of the Rust crate merlin's own tests. */
    @Test
    void aSimpleTranscriptGivesMerlinsChallenge() {
        var transcript = new Transcript("test protocol").append("some label", "some data");

        assertThat(HexFormat.of().formatHex(transcript.challenge("challenge", 32)))
                .isEqualTo("d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615");
    }

    @Test
    void aCopyGoesItsOwnWay() {
        var transcript = new Transcript("test protocol");
        var copy = new Transcript(transcript);
        copy.append("label", "only here");

        assertThat(transcript.challenge("c", 16))
                .isEqualTo(new Transcript("test protocol").challenge("c", 16))
                .isNotEqualTo(copy.challenge("c", 16));
    }

    @Test
    void aWitnessDependsOnRandomnessSecretAndTranscript() {
        byte[] secret = {1};
        byte[] witness = witness("a", secret, 7);

        assertThat(witness).isEqualTo(witness("a", secret, 7));
        assertThat(witness).isNotEqualTo(witness("b", secret, 7));
        assertThat(witness).isNotEqualTo(witness("a", new byte[] {2}, 7));
        assertThat(witness).isNotEqualTo(witness("a", secret, 8));
    }

    private static byte[] witness(String label, byte[] secret, int random) {
        return new Transcript(label).witness("w", 32, () -> new byte[] {(byte) random}, secret);
    }

    @Test
    void longMessagesCrossTheBlocksOfTheSponge() {
        // Known answer of merlin's tests against STROBE: 32 rounds of 1024 bytes of 99.
        var transcript = new Transcript("test protocol").append("step1", "some data");
        var data = new byte[1024];
        java.util.Arrays.fill(data, (byte) 99);
        byte[] challenge = {};
        for (int i = 0; i < 32; i++) {
            challenge = transcript.challenge("challenge", 32);
            transcript.append("bigdata", data).append("challengedata", challenge);
        }

        assertThat(HexFormat.of().formatHex(challenge))
                .isEqualTo("a8c933f54fae76e3f9bea93648c1308e7dfa2152dd51674ff3ca438351cf003c");
    }
}
