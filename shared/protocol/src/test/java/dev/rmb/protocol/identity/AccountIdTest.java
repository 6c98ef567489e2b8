package dev.rmb.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccountIdTest {
    /** Substrate's development account Alice, sr25519. */
    private static final String ALICE_HEX =
            "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";

    private static final String ALICE_SS58 = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    @Test
    void hexWithAndWithoutPrefixAndSs58AreTheSameAccount() {
        AccountId alice = AccountId.parse(ALICE_SS58);

        assertThat(alice).isEqualTo(AccountId.parse(ALICE_HEX));
        assertThat(alice).isEqualTo(AccountId.parse("0x" + ALICE_HEX));
        assertThat(alice).hasSameHashCodeAs(AccountId.parse(ALICE_HEX));
        assertThat(alice).hasToString("0x" + ALICE_HEX);
        assertThat(alice.ss58()).isEqualTo(ALICE_SS58);
    }

    @Test
    void changingTheBytesGivenOrTakenDoesNotChangeTheAccount() {
        var bytes = new byte[AccountId.LENGTH];
        AccountId account = AccountId.of(bytes);
        bytes[0] = 1;
        account.bytes()[1] = 1;

        assertThat(account).isEqualTo(AccountId.of(new byte[AccountId.LENGTH]));
        assertThat(AccountId.parse(account.ss58())).isEqualTo(account);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0x",
                "d435",
                "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da2",
                "g43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
                // A letter changed, the checksum wrong.
                "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ",
                // Polkadot's prefix 0 and Kusama's 2, of the same account.
                "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5",
                "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F",
                // Letters that base 58 leaves out, and more of them than anything can have.
                "0GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
                "15GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
                "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY5GrwvaEF5zXb26Fz9rcQpDWS57CtERHp"
            })
    void whatIsNoAccountIsRefused(String text) {
        assertThatThrownBy(() -> AccountId.parse(text))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessage("not an account id: 32 bytes in hex, or SS58 with prefix 42, expected");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void anAccountHas32Bytes(int length) {
        assertThatThrownBy(() -> AccountId.of(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
