package dev.rmb.bench.protocol;

import dev.rmb.protocol.identity.EncryptionKey;
import java.math.BigInteger;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What does a shared secret cost on top of BouncyCastle's multiplication on secp256k1 alone? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class KeyAgreementBenchmark {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");

    private final EncryptionKey own = EncryptionKey.of("0x" + "01".repeat(32));
    private final byte[] other = EncryptionKey.of("0x" + "02".repeat(32)).publicKey();
    private final BigInteger number = new BigInteger("01".repeat(32), 16);
    private final ECPoint point = CURVE.getCurve().decodePoint(other);

    /** The library's: decoding the other's key, multiplying, hashing. */
    @Benchmark
    public byte[] library() {
        return own.sharedSecretWith(other);
    }

    /** The multiplication alone, of a point that was decoded before. */
    @Benchmark
    public ECPoint multiplyBouncyCastle() {
        return point.multiply(number).normalize();
    }

    /** Decoding a point alone: a square root. */
    @Benchmark
    public ECPoint decodeBouncyCastle() {
        return CURVE.getCurve().decodePoint(other);
    }
}
