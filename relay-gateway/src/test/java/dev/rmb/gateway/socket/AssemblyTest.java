package dev.rmb.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AssemblyTest {
    private static final int SIZE = 1 << 20;

    /** Whoever brings a message in pieces may not know, or not say, how many there will be. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000, 8_192, 1_000_000})
    void aMessageIsCopiedAFewTimesInHoweverManyPiecesItComes(int piece) {
        byte[] message = new byte[SIZE];
        new SplittableRandom(piece).nextBytes(message);
        var assembly = new Assembly(SIZE);
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int at = 0; at < SIZE; at += piece) {
            ByteBuf in = Unpooled.wrappedBuffer(message, at, Math.min(piece, SIZE - at));
            assertThat(assembly.append(in, in.readableBytes())).isPositive();
            arrays.add(assembly.bytes());
        }

        assertThat(arrays).hasSizeLessThan(40);
        assertThat(assembly.held()).isLessThanOrEqualTo(SIZE);
        assertThat(Arrays.equals(assembly.finish(), message)).isTrue();
    }
}
