package dev.rmb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageAssemblerTest {
    private final MessageAssembler assembler = new MessageAssembler(1000);

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void partsOfAnySizeBecomeTheMessagesTheyWere(long seed) {
        var random = new Random(seed);
        for (int message = 0; message < 10; message++) {
            var whole = new ByteArrayOutputStream();
            int parts = 1 + random.nextInt(5);
            for (int i = 1; i <= parts; i++) {
                var part = new byte[random.nextInt(200)];
                random.nextBytes(part);
                whole.writeBytes(part);
                var assembled = assembler.add(ByteBuffer.wrap(part), i == parts);
                assertThat(assembled.isPresent()).isEqualTo(i == parts);
                assembled.ifPresent(got -> assertThat(got).isEqualTo(whole.toByteArray()));
            }
        }
    }

    @Test
    void theLimitItselfIsAllowedAndOneByteMoreIsNot() {
        assembler.add(ByteBuffer.allocate(500), false);
        assertThat(assembler.add(ByteBuffer.allocate(500), true).orElseThrow()).hasSize(1000);
        assembler.add(ByteBuffer.allocate(1000), false);
        assertThatThrownBy(() -> assembler.add(ByteBuffer.allocate(1), true))
                .isInstanceOf(MessageAssembler.TooLongException.class);
    }
}
