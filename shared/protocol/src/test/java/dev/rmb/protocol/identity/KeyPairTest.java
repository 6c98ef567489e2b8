package dev.rmb.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyPairTest {
    private static final String SEED =
            "0x51853806eaaf1e30f4027724b80fcfd782a084a2456db3b6174d14107e7e5a52";

    static Stream<Arguments> typesAndSeeds() {
        return Stream.of(KeyType.values())
                .flatMap(type ->
                        Stream.iterate(0L, seed -> seed + 1)
                                .limit(20)
                                .map(seed -> Arguments.of(type, seed)));
    }

    @ParameterizedTest
    @MethodSource("typesAndSeeds")
    void aSignatureHoldsForItsMessageAndAccountOnly(KeyType type, long seed) {
        var random = new SplittableRandom(seed);
        var message = new byte[random.nextInt(300)];
        random.nextBytes(message);
        byte[] longer = Arrays.copyOf(message, message.length + 1);

        try (var own = KeyPair.of(type, SEED + "//" + seed);
                var other = KeyPair.of(type, SEED + "//other//" + seed)) {
            byte[] signature = own.sign(message);

            assertThat(signature).hasSize(Signatures.LENGTH);
            assertThat(signature[0]).isEqualTo(type.typeByte());
            assertThat(Signatures.verify(own.account(), message, signature)).isTrue();
            assertThat(Signatures.verify(own.account(), longer, signature)).isFalse();
            assertThat(Signatures.verify(other.account(), message, signature)).isFalse();
            signature[1 + random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertThat(Signatures.verify(own.account(), message, signature)).isFalse();
        }
    }

    /** Randomness that never changed would leave a witness that the nonce alone keeps secret. */
    @Test
    void everySr25519SignatureHasFreshRandomness() {
        try (var pair = KeyPair.of(KeyType.SR25519, SEED)) {
            byte[] message = {1, 2, 3};
            byte[] one = pair.sign(message);
            byte[] other = pair.sign(message);

            assertThat(Arrays.copyOfRange(one, 1, 33))
                    .isNotEqualTo(Arrays.copyOfRange(other, 1, 33));
            assertThat(Signatures.verify(pair.account(), message, one)).isTrue();
            assertThat(Signatures.verify(pair.account(), message, other)).isTrue();
        }
    }

    /** The accounts that every Substrate development chain has. */
    @ParameterizedTest
    @CsvSource({
        "SR25519, //Alice, 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        "SR25519, //Bob, 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
        "ED25519, //Alice, 5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"
    })
    void withoutAPhraseTheDevelopmentPhraseIsMeant(KeyType type, String uri, String ss58) {
        try (var pair = KeyPair.of(type, uri)) {
            assertThat(pair.account().ss58()).isEqualTo(ss58);
        }
    }

    @Test
    void edwardsKeysHaveNoSoftDerivation() {
        assertThatThrownBy(() -> KeyPair.of(KeyType.ED25519, SEED + "/soft"))
                .isInstanceOf(InvalidSecretException.class)
                .hasMessageContaining("soft");
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void aClosedKeyPairSignsNothing(KeyType type) {
        var pair = KeyPair.of(type, SEED);
        pair.close();
        pair.close();

        assertThatThrownBy(() -> pair.sign(new byte[0])).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void closingLeavesNoneOfTheKey(KeyType type) {
        var pair = KeyPair.of(type, SEED + "//hard");
        Object key = field(pair, "key");
        var secrets = new ArrayList<>();
        switch (type) {
            case ED25519 -> secrets.add(field(key, "seed"));
            case SR25519 -> {
                secrets.add(field(field(field(key, "key"), "key"), "limbs"));
                secrets.add(field(field(key, "key"), "nonce"));
            }
        }
        assertThat(secrets).noneMatch(KeyPairTest::isWiped);

        pair.close();

        assertThat(secrets).allMatch(KeyPairTest::isWiped);
    }

    @Test
    void closingLeavesNoneOfAnEncryptionKey() {
        var key = EncryptionKey.of(SEED);
        Object secret = field(key, "secret");
        assertThat(isWiped(secret)).isFalse();

        key.close();

        assertThat(isWiped(secret)).isTrue();
    }

    private static Object field(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return Objects.requireNonNull(field.get(owner));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static boolean isWiped(Object array) {
        return IntStream.range(0, Array.getLength(array))
                .allMatch(i -> Array.getLong(array, i) == 0);
    }

    @Test
    void halfACharacterIsInNoSecret() {
        for (String uri : List.of("//a\ud83d", "//\ude00a", "///\ud83d", "//\ude00\ud83d")) {
            assertThatThrownBy(() -> KeyPair.of(KeyType.SR25519, SEED + uri))
                    .isInstanceOf(InvalidSecretException.class)
                    .hasMessage("a secret is not Unicode text");
        }
        KeyPair.of(KeyType.SR25519, SEED + "//\ud83d\ude00").close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "not a mnemonic",
                "0x51853806",
                "0x51853806eaaf1e30f4027724b80fcfd782a084a2456db3b6174d14107e7e5a5",
                "0xz1853806eaaf1e30f4027724b80fcfd782a084a2456db3b6174d14107e7e5a52",
                "51853806eaaf1e30f4027724b80fcfd782a084a2456db3b6174d14107e7e5a52",
                SEED + "/",
                SEED + "//",
                SEED + "//a/",
                "legal winner thank year wave sausage worth useful legal winner thank thank//a"
            })
    void whatIsNoSecretIsRefusedWithoutRepeatingIt(String secret) {
        assertThatThrownBy(() -> KeyPair.of(KeyType.SR25519, secret))
                .isInstanceOf(InvalidSecretException.class)
                .hasNoCause()
                .message()
                .doesNotContain("51853806", "mnemonic//", "legal");
    }

    @Test
    void aSecretOfAnyLengthIsRefusedOrUsedInBoundedTime() {
        assertThatThrownBy(() -> KeyPair.of(KeyType.SR25519, SEED + "//a".repeat(10_000)))
                .isInstanceOf(InvalidSecretException.class);
    }

    /**
     * A step of digits is a number if 64 bits hold it and text otherwise, as in Rust and Go;
     * polkadot-js takes numbers of up to 256 bits, and a step in hex for its bytes. A sign makes it
     * text, as in Go and polkadot-js; Rust takes {@code +7} for 7.
     */
    @ParameterizedTest
    @CsvSource({
        "//7, //007, true",
        "//18446744073709551615, //018446744073709551615, true",
        "//18446744073709551616, //018446744073709551616, false",
        "//7, //+7, false",
        "//0x6162, //ab, false"
    })
    void stepsThatAreTheSameNumberAreTheSame(String one, String other, boolean same) {
        try (var a = KeyPair.of(KeyType.SR25519, SEED + one);
                var b = KeyPair.of(KeyType.SR25519, SEED + other)) {
            assertThat(a.account().equals(b.account())).isEqualTo(same);
        }
    }

    @Test
    void theEndOfALineIsNotPartOfASecretButBlanksAre() {
        try (var pair = KeyPair.of(KeyType.SR25519, SEED + "//a");
                var line = KeyPair.of(KeyType.SR25519, SEED + "//a\r\n");
                var blank = KeyPair.of(KeyType.SR25519, SEED + "//a ")) {
            assertThat(line.account()).isEqualTo(pair.account());
            assertThat(blank.account()).isNotEqualTo(pair.account());
        }
    }

    /** What somebody adds for debugging would end up in logs. */
    @ParameterizedTest
    @ValueSource(classes = {KeyPair.class, EncryptionKey.class, SecretUri.class, Junction.class})
    void secretsHaveNoText(Class<?> secret) throws NoSuchMethodException {
        assertThat(secret.getMethod("toString").getDeclaringClass()).isEqualTo(Object.class);
    }
}
