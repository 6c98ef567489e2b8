package dev.rmb.bench.protocol;

import dev.rmb.protocol.identity.AccountId;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Signatures;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
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
 * What do ed25519 signatures of a challenge cost on top of BouncyCastle's low-level class, which
 * the library uses, and would the JDK's be cheaper? A relay sees a key for the first time with each
 * new connection, so that decoding it counts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class Ed25519Benchmark {
    private static final int KEY_LENGTH = 32;

    private final byte[] message = new byte[16];
    private final KeyPair keys = Samples.keyPair(KeyType.ED25519);
    private final AccountId account = keys.account();
    private final byte[] publicKey = account.bytes();
    private final byte[] typed = keys.sign(message);
    private final byte[] signature = Arrays.copyOfRange(typed, 1, typed.length);
    private final byte[] seed = new byte[KEY_LENGTH];
    private final byte[] seedPublicKey = new byte[KEY_LENGTH];
    private final PublicKey decoded;
    private final PrivateKey privateKey;

    /** Makes the JDK's keys. */
    public Ed25519Benchmark() {
        Ed25519.generatePublicKey(seed, 0, seedPublicKey, 0);
        try {
            decoded = decode();
            privateKey =
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(
                                    new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
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

    /** The library's. */
    @Benchmark
    public byte[] signLibrary() {
        return keys.sign(message);
    }

    /** The primitive below it. */
    @Benchmark
    public byte[] signBouncyCastle() {
        var made = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, seedPublicKey, 0, message, 0, message.length, made, 0);
        return made;
    }

    /** The JDK's. */
    @Benchmark
    public byte[] signJdk() throws GeneralSecurityException {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(privateKey);
        signer.update(message);
        return signer.sign();
    }

    /** The library's. */
    @Benchmark
    public boolean verifyLibrary() {
        return Signatures.verify(account, message, typed);
    }

    /** The primitive below it. */
    @Benchmark
    public boolean verifyBouncyCastle() {
        return Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
    }

    /** The JDK's with a key that was decoded before. */
    @Benchmark
    public boolean verifyJdkKnownKey() throws GeneralSecurityException {
        return verify(decoded);
    }

    /** The JDK's with a new key each time. */
    @Benchmark
    public boolean verifyJdkNewKey() throws GeneralSecurityException {
        return verify(decode());
    }

    private boolean verify(PublicKey key) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }
}
