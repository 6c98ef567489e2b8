package dev.rmb.bench.protocol;

import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Signatures;
import dev.rmb.protocol.token.Token;
import dev.rmb.protocol.token.Tokens;
import dev.rmb.protocol.token.UnverifiedToken;
import java.nio.charset.StandardCharsets;
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

/** What does a new connection's token cost the client and the relay on top of its signature? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenBenchmark {
    private static final long LIFETIME = 300;

    /** The key of the twin. */
    @Param({"ED25519", "SR25519"})
    @SuppressWarnings("NullAway.Init")
    public KeyType type;

    @SuppressWarnings("NullAway.Init")
    private KeyPair keys;

    @SuppressWarnings("NullAway.Init")
    private String token;

    @SuppressWarnings("NullAway.Init")
    private byte[] signed;

    @SuppressWarnings("NullAway.Init")
    private byte[] signature;

    /** Makes a token to check. */
    @Setup(Level.Trial)
    public void issueOne() {
        keys = Samples.keyPair(type);
        token = issue();
        signed = token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
        signature = keys.sign(signed);
    }

    /** What a client does to connect. */
    @Benchmark
    public String issue() {
        return Tokens.issue(keys, 7, "bench", Samples.NOW, Samples.NOW + LIFETIME);
    }

    /** The signature in it alone. */
    @Benchmark
    public byte[] signAlone() {
        return keys.sign(signed);
    }

    /** What a relay does with a new connection. */
    @Benchmark
    public Token check() {
        return Tokens.parse(token).verify(keys.account(), Samples.NOW, 0, 0);
    }

    /** Reading without checking the signature. */
    @Benchmark
    public UnverifiedToken parse() {
        return Tokens.parse(token);
    }

    /** Checking the signature alone. */
    @Benchmark
    public boolean verifyAlone() {
        return Signatures.verify(keys.account(), signed, signature);
    }
}
