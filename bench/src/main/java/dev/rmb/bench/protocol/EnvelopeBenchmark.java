package dev.rmb.bench.protocol;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.envelope.Challenge;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Signatures;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a signed envelope of 400 bytes cost its sender and its receiver on top of the signature
 * of 16 bytes?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EnvelopeBenchmark {
    /** The key of the twin. */
    @Param({"ED25519", "SR25519"})
    @SuppressWarnings("NullAway.Init")
    public KeyType type;

    @SuppressWarnings("NullAway.Init")
    private KeyPair keys;

    private final Envelope.Builder request = Samples.request();

    @SuppressWarnings("NullAway.Init")
    private Envelope signed;

    @SuppressWarnings("NullAway.Init")
    private byte[] challenge;

    @SuppressWarnings("NullAway.Init")
    private byte[] signature;

    /** Makes an envelope to verify. */
    @Setup(Level.Trial)
    public void signOne() {
        keys = Samples.keyPair(type);
        signed = sign();
        challenge = Challenge.of(signed);
        signature = keys.sign(challenge);
    }

    /** What a sender does with each envelope. */
    @Benchmark
    public Envelope sign() {
        return Envelopes.sign(request, keys);
    }

    /** The signature of its challenge alone. */
    @Benchmark
    public byte[] signAlone() {
        return keys.sign(challenge);
    }

    /** What a receiver does with each envelope. */
    @Benchmark
    public boolean verify() {
        return Envelopes.verify(signed, keys.account());
    }

    /** Checking the signature of its challenge alone. */
    @Benchmark
    public boolean verifyAlone() {
        return Signatures.verify(keys.account(), challenge, signature);
    }
}
