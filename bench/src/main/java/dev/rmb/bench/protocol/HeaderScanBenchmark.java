package dev.rmb.bench.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to learn where an envelope of 400 bytes goes?
 *
 * <p>The header of no bytes at all has the size of any other header: what {@link #emptyArray}
 * allocates is the result itself, and what the others allocate more is not.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeaderScanBenchmark {
    private final byte[] envelope = Samples.signed().toByteArray();
    private final ByteBuffer direct =
            ByteBuffer.allocateDirect(envelope.length).put(envelope).flip();
    private final byte[] empty = {};

    /** The result and nothing else. */
    @Benchmark
    public EnvelopeHeader emptyArray() {
        return EnvelopeHeader.scan(empty);
    }

    /** As a relay does it with bytes on the heap. */
    @Benchmark
    public EnvelopeHeader array() {
        return EnvelopeHeader.scan(envelope);
    }

    /** As a relay does it with bytes from a socket. */
    @Benchmark
    public EnvelopeHeader directBuffer() {
        return EnvelopeHeader.scan(direct);
    }

    /** With the name read, too, which makes a string and an address. */
    @Benchmark
    public @Nullable Address arrayAndDestination() {
        return EnvelopeHeader.scan(envelope).destination();
    }

    /** The whole protobuf by protobuf's own parser. */
    @Benchmark
    public Envelope protobufParser() throws InvalidProtocolBufferException {
        return Envelope.parseFrom(envelope);
    }
}
