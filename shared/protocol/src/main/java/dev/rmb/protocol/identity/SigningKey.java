package dev.rmb.protocol.identity;

import dev.rmb.protocol.sr25519.SecretKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The secret half of a key pair of either scheme. */
sealed interface SigningKey {
    byte[] publicKey();

    /** The 64 bytes of a signature, without the type byte. */
    byte[] sign(byte[] message);

    void wipe();

    static SigningKey of(KeyType type, byte[] miniSecret, List<Junction> path) {
        return switch (type) {
            case ED25519 -> EdwardsKey.derive(miniSecret, path);
            case SR25519 -> SchnorrkelKey.derive(miniSecret, path);
        };
    }

    /** ed25519: the seed is the secret, and derivation hashes it together with the step. */
    final class EdwardsKey implements SigningKey {
        private static final byte[] DERIVATION = Junction.encodeText("Ed25519HDKD");

        private final byte[] seed;
        private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];

        private EdwardsKey(byte[] seed) {
            this.seed = seed;
            Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        }

        static EdwardsKey derive(byte[] miniSecret, List<Junction> path) {
            if (!path.stream().allMatch(Junction::isHard)) {
                throw new InvalidSecretException("ed25519 has no soft derivation, only //hard");
            }
            byte[] seed = miniSecret.clone();
            for (Junction junction : path) {
                byte[] step =
                        Arrays.copyOf(
                                DERIVATION,
                                DERIVATION.length + seed.length + Junction.CHAIN_CODE_BYTES);
                System.arraycopy(seed, 0, step, DERIVATION.length, seed.length);
                System.arraycopy(
                        junction.chainCode(),
                        0,
                        step,
                        DERIVATION.length + seed.length,
                        Junction.CHAIN_CODE_BYTES);
                Arrays.fill(seed, (byte) 0);
                seed = Junction.blake2b256(step);
                Arrays.fill(step, (byte) 0);
            }
            return new EdwardsKey(seed);
        }

        @Override
        public byte[] publicKey() {
            return publicKey.clone();
        }

        @Override
        public byte[] sign(byte[] message) {
            var signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
            return signature;
        }

        @Override
        public void wipe() {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** sr25519: schnorrkel's keys, with hard and soft derivation. */
    final class SchnorrkelKey implements SigningKey {
        private static final SecureRandom RANDOM = new SecureRandom();

        private final SecretKey key;

        private SchnorrkelKey(SecretKey key) {
            this.key = key;
        }

        static SchnorrkelKey derive(byte[] miniSecret, List<Junction> path) {
            SecretKey key = SecretKey.expand(miniSecret);
            for (Junction junction : path) {
                try (SecretKey parent = key) {
                    key =
                            junction.isHard()
                                    ? parent.deriveHard(junction.chainCode())
                                    : parent.deriveSoft(junction.chainCode());
                }
            }
            return new SchnorrkelKey(key);
        }

        @Override
        public byte[] publicKey() {
            return key.publicKey();
        }

        @Override
        public byte[] sign(byte[] message) {
            return key.sign(message, SchnorrkelKey::random);
        }

        private static byte[] random() {
            var bytes = new byte[SecretKey.SEED_BYTES];
            RANDOM.nextBytes(bytes);
            return bytes;
        }

        @Override
        public void wipe() {
            key.close();
        }
    }
}
