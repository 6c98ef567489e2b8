package dev.rmb.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MnemonicsTest {
    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @Test
    void aNewMnemonicHas24WordsAndIsValid() {
        String mnemonic = Mnemonics.generate(new SecureRandom());

        assertThat(mnemonic.split(" ", -1)).hasSize(24);
        assertThat(Mnemonics.isValid(mnemonic)).isTrue();
        assertThat(mnemonic).isNotEqualTo(Mnemonics.generate(new SecureRandom()));
    }

    /** The first and last entries of BIP-39's own test vectors. */
    @ParameterizedTest
    @CsvSource({
        "00000000000000000000000000000000, abandon abandon abandon abandon abandon abandon abandon"
                + " abandon abandon abandon abandon about",
        "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f, legal winner thank year wave sausage worth useful legal"
                + " winner thank yellow",
        "ffffffffffffffffffffffffffffffff, zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, zoo zoo zoo zoo zoo zoo"
                + " zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote"
    })
    void entropyAndWordsAreThoseOfBip39(String hex, String mnemonic) {
        byte[] entropy = java.util.HexFormat.of().parseHex(hex);

        assertThat(Mnemonics.ofEntropy(entropy)).isEqualTo(mnemonic);
        assertThat(Mnemonics.entropy(mnemonic)).isEqualTo(entropy);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void entropyComesBack(long seed) {
        var random = new SplittableRandom(seed);
        var entropy = new byte[random.nextInt(4, 9) * 4];
        random.nextBytes(entropy);

        assertThat(Mnemonics.entropy(Mnemonics.ofEntropy(entropy))).isEqualTo(entropy);
    }

    @Test
    void moreWhiteSpaceThanNeededIsFine() {
        assertThat(
                        Mnemonics.isValid(
                                "  legal winner thank year wave sausage\tworth useful legal\n"
                                        + " winner  thank yellow "))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "legal",
                "legal winner thank year wave sausage worth useful legal winner thank",
                "legal winner thank year wave sausage worth useful legal winner thank thank",
                "legal winner thank year wave sausage worth useful legal winner thank yellov",
                "Legal winner thank year wave sausage worth useful legal winner thank yellow"
            })
    void whatIsNoMnemonicIsRefusedWithoutRepeatingIt(String text) {
        assertThat(Mnemonics.isValid(text)).isFalse();
        assertThatThrownBy(() -> Mnemonics.entropy(text))
                .isInstanceOf(InvalidSecretException.class)
                .message()
                .doesNotContain("legal", "Legal", "yellov");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 12, 15, 17, 30, 36})
    void entropyOfOtherLengthsIsRefused(int length) {
        assertThatThrownBy(() -> Mnemonics.ofEntropy(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
