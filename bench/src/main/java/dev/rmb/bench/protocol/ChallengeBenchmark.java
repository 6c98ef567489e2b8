package dev.rmb.bench.protocol;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.envelope.Challenge;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
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
 * What does the challenge of an envelope of 400 bytes cost, and what MD5 of the same bytes alone?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChallengeBenchmark {
    private final Envelope envelope = Samples.signed();
    private final byte[] joined = join(envelope);

    /** The parts, as they would be joined if they were. */
    private static byte[] join(Envelope envelope) {
        var parts = new ByteArrayOutputStream();
        for (String text :
                new String[] {
                    envelope.getUid(),
                    Long.toString(envelope.getTimestamp()),
                    Long.toString(envelope.getExpiration()),
                    Integer.toString(envelope.getSource().getTwin()),
                    envelope.getSource().getConnection(),
                    Integer.toString(envelope.getDestination().getTwin()),
                    envelope.getDestination().getConnection(),
                    envelope.getRequest().getCommand()
                }) {
            parts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
        parts.writeBytes(envelope.getPlain().toByteArray());
        return parts.toByteArray();
    }

    /** The library's. */
    @Benchmark
    public byte[] library() {
        return Challenge.of(envelope);
    }

    /** The JDK's MD5 of bytes that somebody joined before. */
    @Benchmark
    public byte[] jdkMd5() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("MD5").digest(joined);
    }
}
