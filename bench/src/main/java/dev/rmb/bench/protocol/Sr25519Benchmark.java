package dev.rmb.bench.protocol;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Signatures;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.math.ec.rfc7748.X25519;
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
 * What do sr25519 signatures of a challenge cost on top of the multiplications on the curve that
 * they need at least? Signing needs one of the generator; verifying one of the generator and one of
 * another point, which may share their doublings. BouncyCastle's of the same curve stand for them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class Sr25519Benchmark {
    private final byte[] message = new byte[16];
    private final KeyPair keys = Samples.keyPair(KeyType.SR25519);
    private final AccountId account = keys.account();
    private final byte[] signature = keys.sign(message);
    private final byte[] number = new byte[X25519.SCALAR_SIZE];
    private final byte[] point = new byte[X25519.POINT_SIZE];

    /** Chooses a number and a point. */
    public Sr25519Benchmark() {
        new Random(1).nextBytes(number);
        X25519.scalarMultBase(number, 0, point, 0);
    }

    /** The library's. */
    @Benchmark
    public byte[] signLibrary() {
        return keys.sign(message);
    }

    /** The library's. */
    @Benchmark
    public boolean verifyLibrary() {
        return Signatures.verify(account, message, signature);
    }

    /** The generator times a secret number. */
    @Benchmark
    public byte[] multiplyBaseBouncyCastle() {
        var product = new byte[X25519.POINT_SIZE];
        X25519.scalarMultBase(number, 0, product, 0);
        return product;
    }

    /** Another point times a number. */
    @Benchmark
    public byte[] multiplyPointBouncyCastle() {
        var product = new byte[X25519.POINT_SIZE];
        X25519.scalarMult(number, 0, point, 0, product, 0);
        return product;
    }
}
