package dev.rmb.bench.protocol;

import dev.rmb.protocol.encryption.PayloadCipher;
import dev.rmb.protocol.encryption.PayloadCiphers;
import dev.rmb.protocol.identity.EncryptionKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
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
 * What does end-to-end encryption cost on top of AES-256-GCM, and the first message to a peer on
 * top of the multiplication on secp256k1?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncryptionBenchmark {
    private static final int TAG_BITS = 128;

    /** How long the payload is, in bytes. */
    @Param({"256", "65536"})
    public int payload;

    private final EncryptionKey own = EncryptionKey.of("0x" + "01".repeat(32));
    private final byte[] other = EncryptionKey.of("0x" + "02".repeat(32)).publicKey();
    private final PayloadCiphers ciphers = new PayloadCiphers(own, 10);
    private final byte[] shared = own.sharedSecretWith(other);
    private final SecretKeySpec jdkKey = new SecretKeySpec(shared, "AES");
    private final SecureRandom random = new SecureRandom();
    private final byte[] nonce = new byte[PayloadCipher.NONCE_BYTES];

    @SuppressWarnings("NullAway.Init")
    private Cipher jdk;

    @SuppressWarnings("NullAway.Init")
    private GCMModeCipher bouncyCastle;

    @SuppressWarnings("NullAway.Init")
    private byte[] plain;

    @SuppressWarnings("NullAway.Init")
    private byte[] encrypted;

    private long count;

    /** Makes a payload and its cipher text. */
    @Setup(Level.Trial)
    public void encryptOne() throws GeneralSecurityException {
        plain = new byte[payload];
        new Random(1).nextBytes(plain);
        encrypted = ciphers.with(other).encrypt(plain);
        jdk = Cipher.getInstance("AES/GCM/NoPadding");
        bouncyCastle = GCMBlockCipher.newInstance(AESEngine.newInstance());
    }

    /** To a peer that one talks to. */
    @Benchmark
    public byte[] encryptWarm() {
        return ciphers.with(other).encrypt(plain);
    }

    /** From a peer that one talks to. */
    @Benchmark
    public byte[] decryptWarm() {
        return ciphers.with(other).decrypt(encrypted);
    }

    /** To a peer for the first time. */
    @Benchmark
    public byte[] encryptCold() {
        return PayloadCipher.between(own, other).encrypt(plain);
    }

    /** From a peer for the first time. */
    @Benchmark
    public byte[] decryptCold() {
        return PayloadCipher.between(own, other).decrypt(encrypted);
    }

    /** The nonce alone: the JDK's strong random source. */
    @Benchmark
    public byte[] nonceJdk() {
        random.nextBytes(nonce);
        return nonce;
    }

    /** The JDK's, with an object kept between messages and a nonce that only counts. */
    @Benchmark
    public byte[] encryptJdk() throws GeneralSecurityException {
        ByteBuffer.wrap(nonce).putLong(++count);
        jdk.init(Cipher.ENCRYPT_MODE, jdkKey, new GCMParameterSpec(TAG_BITS, nonce));
        return jdk.doFinal(plain);
    }

    /** The JDK's, with an object kept between messages. */
    @Benchmark
    public byte[] decryptJdk() throws GeneralSecurityException {
        jdk.init(
                Cipher.DECRYPT_MODE,
                jdkKey,
                new GCMParameterSpec(TAG_BITS, encrypted, 0, PayloadCipher.NONCE_BYTES));
        return jdk.doFinal(
                encrypted, PayloadCipher.NONCE_BYTES, encrypted.length - PayloadCipher.NONCE_BYTES);
    }

    /** BouncyCastle's, with an object kept between messages and a nonce that only counts. */
    @Benchmark
    public byte[] encryptBouncyCastle() throws InvalidCipherTextException {
        ByteBuffer.wrap(nonce).putLong(++count);
        return bouncyCastle(true, nonce, plain, 0);
    }

    /** BouncyCastle's, with an object kept between messages. */
    @Benchmark
    public byte[] decryptBouncyCastle() throws InvalidCipherTextException {
        byte[] first = Arrays.copyOf(encrypted, PayloadCipher.NONCE_BYTES);
        return bouncyCastle(false, first, encrypted, PayloadCipher.NONCE_BYTES);
    }

    private byte[] bouncyCastle(boolean encrypt, byte[] nonce, byte[] input, int from)
            throws InvalidCipherTextException {
        bouncyCastle.init(encrypt, new AEADParameters(new KeyParameter(shared), TAG_BITS, nonce));
        int length = input.length - from;
        var output = new byte[bouncyCastle.getOutputSize(length)];
        int done = bouncyCastle.processBytes(input, from, length, output, 0);
        bouncyCastle.doFinal(output, done);
        return output;
    }
}
