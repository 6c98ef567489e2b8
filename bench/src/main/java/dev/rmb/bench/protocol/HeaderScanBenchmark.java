package dev.rmb.bench.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.envelope.EnvelopeHeader;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.KeyType;
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

/** What does it cost to learn where an envelope of 400 bytes goes? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeaderScanBenchmark {
    private final byte[] envelope =
            Envelopes.sign(Samples.request(), Samples.keyPair(KeyType.ED25519)).toByteArray();
    private final ByteBuffer direct =
            ByteBuffer.allocateDirect(envelope.length).put(envelope).flip();

    /** As a relay does it with bytes on the heap. */
    @Benchmark
    public long scanArray() {
        return EnvelopeHeader.scan(envelope).destinationTwin();
    }

    /** As a relay does it with bytes from a socket. */
    @Benchmark
    public long scanDirectBuffer() {
        return EnvelopeHeader.scan(direct).destinationTwin();
    }

    /** With the names read, too. */
    @Benchmark
    public @Nullable Address scanAndReadAddress() {
        return EnvelopeHeader.scan(envelope).destination();
    }

    /** The whole protobuf, for comparison. */
    @Benchmark
    public int parseProtobuf() throws InvalidProtocolBufferException {
        return Envelope.parseFrom(envelope).getDestination().getTwin();
    }
}
