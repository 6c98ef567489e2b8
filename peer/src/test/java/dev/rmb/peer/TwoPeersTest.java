package dev.rmb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.InMemoryTwins;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes with a relay between them. */
final class TwoPeersTest {
    static Stream<Arguments> combinations() {
        return Stream.of(TestRedis.Kind.values())
                .flatMap(kind ->
                        Stream.of(KeyType.values())
                                .flatMap(type ->
                                        Stream.of(true, false)
                                                .map(encrypted ->
                                                        Arguments.of(kind, type, encrypted))));
    }

    @ParameterizedTest(name = "{0}, {1}, encrypted: {2}")
    @MethodSource("combinations")
    void aRequestIsServedAndItsAnswerComesBack(TestRedis.Kind kind, KeyType type, boolean encrypted)
            throws Exception {
        TestTwin one = TestTwin.of(1, type);
        TestTwin two = TestTwin.of(2, KeyType.SR25519);
        InMemoryTwins twins =
                encrypted
                        ? InMemoryTwins.of(one.encrypted(), two.encrypted())
                        : InMemoryTwins.of(one.plain(), two.plain());
        try (TestRelay relay = TestRelay.start();
                TestNode asking = TestNode.start(kind, one, List.of(relay.url()), twins);
                TestNode serving = TestNode.start(kind, two, List.of(relay.url()), twins)) {
            asking.push("msgbus.system.local", TestNode.request("calculator.add", "1+1", 2));

            JsonNode request = serving.answerOne("calculator.add", "2");
            JsonNode answer = asking.next("answers");

            assertThat(TestNode.text(request)).isEqualTo("1+1");
            assertThat(request.get("src").textValue()).isEqualTo("1");
            assertThat(TestNode.text(answer)).isEqualTo("2");
            assertThat(answer.get("ref").textValue()).isEqualTo("my-ref");
            assertThat(answer.get("src").textValue()).isEqualTo("2");
            assertThat(answer.get("err").isNull()).isTrue();
            Envelope sent = relay.nextSeen();
            assertThat(sent.hasCipher()).isEqualTo(encrypted);
            assertThat(sent.getSource().hasConnection()).isFalse();
        }
    }
}
