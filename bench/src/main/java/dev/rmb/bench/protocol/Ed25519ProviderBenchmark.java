package dev.rmb.bench.protocol;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Signatures;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
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
 * Whose ed25519 should check signatures: BouncyCastle's low-level class, which the library uses, or
 * the JDK's? A relay sees a key for the first time with each new connection, so that decoding it
 * counts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class Ed25519ProviderBenchmark {
    private static final int KEY_LENGTH = 32;

    private final byte[] message = new byte[16];
    private final AccountId account;
    private final byte[] publicKey;
    private final byte[] typed;
    private final byte[] signature;
    private final PublicKey decoded;

    /** Signs what is verified. */
    public Ed25519ProviderBenchmark() {
        try (KeyPair keys = Samples.keyPair(KeyType.ED25519)) {
            account = keys.account();
            publicKey = account.bytes();
            typed = keys.sign(message);
            signature = Arrays.copyOfRange(typed, 1, typed.length);
            decoded = decode();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private PublicKey decode() throws GeneralSecurityException {
        byte[] bigEndian = new byte[KEY_LENGTH];
        for (int i = 0; i < KEY_LENGTH; i++) {
            bigEndian[i] = publicKey[KEY_LENGTH - 1 - i];
        }
        boolean odd = bigEndian[0] < 0;
        bigEndian[0] &= 0x7F;
        var point = new EdECPoint(odd, new BigInteger(1, bigEndian));
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    /** The library's own, on top of BouncyCastle. */
    @Benchmark
    public boolean library() {
        return Signatures.verify(account, message, typed);
    }

    /** The primitive below it. */
    @Benchmark
    public boolean bouncyCastle() {
        return Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
    }

    /** The JDK's with a key that was decoded before. */
    @Benchmark
    public boolean jdkKnownKey() throws GeneralSecurityException {
        return verify(decoded);
    }

    /** The JDK's with a new key each time. */
    @Benchmark
    public boolean jdkNewKey() throws GeneralSecurityException {
        return verify(decode());
    }

    private boolean verify(PublicKey key) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }
}
