package dev.rmb.reliability.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import org.junit.jupiter.api.Test;

final class MessageTest {
    private static final Address FROM = Address.newBuilder().setTwin(1).build();
    private static final Address TO = Address.newBuilder().setTwin(2).build();

    @Test
    void aMessageIsRecognizedInItsEnvelope() throws Exception {
        var message = new Message(3, 1_000_000);

        Envelope envelope = Envelope.parseFrom(message.envelope(FROM, TO, 5_000, null));

        assertThat(Message.in(envelope)).isEqualTo(message);
        assertThat(Message.ofUid(envelope.getUid())).isEqualTo(message);
    }

    @Test
    void anEnvelopeWithOneOtherByteIsNot() throws Exception {
        Envelope sent = Envelope.parseFrom(new Message(3, 4).envelope(FROM, TO, 100, null));
        byte[] payload = sent.getPlain().toByteArray();
        payload[99]++;

        assertThat(Message.in(sent.toBuilder().setPlain(ByteString.copyFrom(payload)).build()))
                .isNull();
    }

    @Test
    void anEnvelopeThatWasCutShortIsNot() throws Exception {
        Envelope sent = Envelope.parseFrom(new Message(3, 4).envelope(FROM, TO, 100, null));

        assertThat(Message.in(sent.toBuilder().setPlain(sent.getPlain().substring(0, 99)).build()))
                .isNull();
    }

    @Test
    void otherUidsAreNoMessages() {
        assertThat(Message.ofUid("p1")).isNull();
        assertThat(Message.ofUid("mx-1")).isNull();
        assertThat(Message.ofUid("m1-")).isNull();
    }
}
