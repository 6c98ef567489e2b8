package dev.rmb.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.token.TokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules on tokens of docs/specification.md, 7. */
final class TokensTest {
    private static final KeyPair ALICE = KeyPair.of(KeyType.ED25519, "//Alice");
    private static final KeyPair BOB = KeyPair.of(KeyType.ED25519, "//Bob");

    private static final long NOW = 1_800_000_000L;
    private static final String HEADER = "{\"alg\":\"RS512\"}";
    private static final String CLAIMS = "{\"sub\":7,\"iat\":1800000000,\"exp\":1800000060}";

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void whatIsIssuedIsTaken(KeyType type) {
        try (var pair = KeyPair.of(type, "//Alice")) {
            String jwt = Tokens.issue(pair, 7, "laptop", NOW, NOW + 60);

            UnverifiedToken unverified = Tokens.parse(jwt);
            Token token = unverified.verify(pair.account(), NOW, 0, 60);

            assertThat(unverified.twin()).isEqualTo(7);
            assertThat(token).isEqualTo(new Token(7, "laptop", NOW, NOW + 60));
            assertThat(token.address()).isEqualTo(Address.parse("7:laptop"));
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "laptop", "a:b", "\"quoted\\\" \n\u0000", "日本", "\ud83d\ude00"})
    void sessionIdsComeBackAsTheyWere(String sid) {
        Token token = taken(Tokens.issue(ALICE, 7, sid, NOW, NOW + 60));

        assertThat(token.connection()).isEqualTo(sid);
    }

    @Test
    void aSessionIdHasAtMost1024Bytes() {
        String longest = "é".repeat(512);

        assertThat(taken(Tokens.issue(ALICE, 7, longest, NOW, NOW + 60)).connection())
                .isEqualTo(longest);
        assertThatThrownBy(() -> Tokens.issue(ALICE, 7, longest + "a", NOW, NOW + 60))
                .isInstanceOf(IllegalArgumentException.class);
        assertMalformed(jwt(HEADER, claims("\"sid\":\"" + longest + "a\"")));
    }

    /** The longest session id with every byte escaped, in the most wasteful way there is. */
    @Test
    void anEscapedSessionIdFitsIntoTheLongestToken() {
        String escaped = "\\u0061".repeat(1024);

        assertThat(taken(jwt(HEADER, claims("\"sid\":\"" + escaped + "\""))).connection())
                .isEqualTo("a".repeat(1024));
    }

    /**
     * A null session id is none. The reference reads it into an optional string, for which JSON's
     * null and an absent key are the same, and a client whose serializer writes its unset field as
     * null means the unnamed connection. Taking it for an empty name would give such a client
     * another address than it puts into its envelopes, and refuse all of them.
     */
    @Test
    void aNullSessionIdIsAnAbsentOneAndNotAnEmptyOne() {
        assertThat(taken(jwt(HEADER, claims("\"sid\":null"))).connection()).isNull();
        assertThat(taken(jwt(HEADER, claims("\"sid\":\"\""))).connection()).isEmpty();
        assertThat(taken(jwt(HEADER, CLAIMS)).connection()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"RS512\",\"typ\":\"JWT\"}",
                "{\"typ\":\"JWT\",\"alg\":\"RS512\",\"kid\":\"x\",\"nested\":{\"a\":[1,{}]}}",
                " { \"alg\" : \"RS512\" } ",
                "{\"alg\":\"RS512\",\"typ\":null}"
            })
    void anyHeaderThatNamesTheAlgorithmIsTaken(String header) {
        assertThat(taken(jwt(header, CLAIMS)).twin()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[]",
                "\"RS512\"",
                "{\"alg\":\"none\"}",
                "{\"alg\":\"rs512\"}",
                "{\"alg\":\"EdDSA\"}",
                "{\"alg\":null}",
                "{\"alg\":512}",
                "{\"alg\":[\"RS512\"]}",
                "{\"nested\":{\"alg\":\"RS512\"}}",
                "{\"alg\":\"RS512\",\"alg\":\"RS512\"}",
                "{\"alg\":\"RS512\"",
                "{\"alg\":\"RS512\"}}",
                "{\"alg\":\"RS512\"} x",
                "{\"alg\":\"RS512\"}{}",
                "{alg:\"RS512\"}",
                "{'alg':'RS512'}",
                "{\"alg\":\"RS512\",}",
                "//\n{\"alg\":\"RS512\"}",
                "\ufeff{\"alg\":\"RS512\"}"
            })
    void otherHeadersAreRefused(String header) {
        assertMalformed(jwt(header, CLAIMS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"aud\":\"x\"",
                "\"nbf\":99999999999",
                "\"huge\":123456789012345678901234567890",
                "\"float\":1.5e300",
                "\"nested\":{\"sub\":8,\"exp\":[1,[2,{\"a\":null}]]}"
            })
    void otherClaimsAreFine(String claim) {
        assertThat(taken(jwt(HEADER, claims(claim))).twin()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"64, true", "65, false"})
    void numbersOfOtherClaimsHaveUpTo64Digits(int digits, boolean taken) {
        for (String number : List.of("1".repeat(digits), "1." + "1".repeat(digits - 1))) {
            String jwt = jwt(HEADER, claims("\"other\":[" + number + "]"));
            if (taken) {
                assertThat(taken(jwt).twin()).isEqualTo(7);
            } else {
                assertMalformed(jwt);
            }
        }
    }

    @Test
    void whiteSpaceAroundTheClaimsAndANegativeZeroAreTaken() {
        Token token = taken(jwt(HEADER, "\r\n\t {\"sub\":7,\"iat\":-0,\"exp\":1800000060} \n"));

        assertThat(token.twin()).isEqualTo(7);
        assertThat(token.issuedAt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":7,\"exp\":1800000060}",
                "{\"sub\":7,\"iat\":1800000000}",
                "{\"sub\":\"7\",\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":0,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":-7,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":4294967296,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":18446744073709551623,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":7.0,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":7e0,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":07,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":null,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":7,\"iat\":1800000000.0,\"exp\":1800000060}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":1800000060.5}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":1.80000006e9}",
                "{\"sub\":7,\"iat\":-1,\"exp\":1800000060}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":-1}",
                "{\"sub\":7,\"iat\":\"1800000000\",\"exp\":1800000060}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":18446744073709551616}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":-9223372036854775809}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":1e99999999}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":NaN}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":true}",
                "{\"sub\":7,\"sub\":8,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":7,\"s\\u0075b\":8,\"iat\":1800000000,\"exp\":1800000060}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":1800000060,\"x\":1,\"x\":1}",
                "{\"sub\":7,\"iat\":1800000000,\"exp\":1800000060}1",
                "[{\"sub\":7,\"iat\":1800000000,\"exp\":1800000060}]",
                "",
                "7"
            })
    void otherwiseClaimsAreRefused(String claims) {
        assertMalformed(jwt(HEADER, claims));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"sid\":7",
                "\"sid\":7.5",
                "\"sid\":true",
                "\"sid\":[\"a\"]",
                "\"sid\":{}",
                "\"sid\":\"\\ud83d\"",
                "\"sid\":\"\\ude00\\ud83d\"",
                "\"sid\":\"a\nb\"",
                "\"sid\":\"\\x61\""
            })
    void sessionIdsThatAreNoTextAreRefused(String claim) {
        assertMalformed(jwt(HEADER, claims(claim)));
    }

    @Test
    void depthAndLengthAreBounded() {
        String deep = "[".repeat(1000) + "]".repeat(1000);
        String digits = "9".repeat(2000);

        assertMalformed(jwt(HEADER, claims("\"a\":" + deep)));
        assertMalformed(jwt(HEADER, claims("\"a\":" + digits)));
        assertMalformed(jwt(HEADER, claims("\"exp\":" + digits)));
        assertMalformed(jwt(HEADER, claims("\"a\":\"" + "x".repeat(20_000) + "\"")));
        assertMalformed("a".repeat(10_000_000));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] claims = claims("\"sid\":\"a?b\"").getBytes(StandardCharsets.ISO_8859_1);
        for (int bad : new int[] {0x80, 0xC3, 0xE9, 0xFF}) {
            byte[] copy = claims.clone();
            copy[new String(claims, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) bad;
            assertMalformed(jwt(HEADER.getBytes(StandardCharsets.UTF_8), copy));
        }
        assertMalformed(
                jwt(
                        HEADER.getBytes(StandardCharsets.UTF_8),
                        CLAIMS.getBytes(StandardCharsets.UTF_16)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a",
                "a.b",
                "a.b.c",
                "a.b.c.d",
                "ä.ö.ü",
                " . . ",
                "\u0000.\u0000.\u0000"
            })
    void whatHasNotThreePartsIsRefused(String jwt) {
        assertMalformed(jwt);
    }

    @Test
    void nothingMayStandAroundAToken() {
        String jwt = jwt(HEADER, CLAIMS);

        for (String after : new String[] {"&x=1", "&", " ", "\n", ".", "==", "A", "%20", "#"}) {
            assertMalformed(jwt + after);
        }
        for (String before : new String[] {"jwt=", " ", "?", "Bearer "}) {
            assertMalformed(before + jwt);
        }
    }

    @Test
    void paddingIsTolerated() {
        Base64.Encoder padded = Base64.getUrlEncoder();
        for (String header : new String[] {HEADER, HEADER + " ", HEADER + "  "}) {
            String signed =
                    padded.encodeToString(header.getBytes(StandardCharsets.UTF_8))
                            + "."
                            + padded.encodeToString(CLAIMS.getBytes(StandardCharsets.UTF_8));
            byte[] signature = ALICE.sign(signed.getBytes(StandardCharsets.US_ASCII));

            assertThat(taken(signed + "." + padded.encodeToString(signature)).twin()).isEqualTo(7);
        }
    }

    @Test
    void theStandardAlphabetAndStrayBitsAreRefused() {
        String jwt = Tokens.issue(ALICE, 7, "\u00ff\u00fe?>~~~", NOW, NOW + 60);
        int last = jwt.length() - 1;
        // 65 bytes leave four bits of the last character unused.
        char stray = (char) (jwt.charAt(last) + 1);

        assertMalformed(jwt.substring(0, last) + stray);
        assertMalformed(jwt.replace('_', '/').replace('-', '+'));
    }

    @Test
    void aTokenIsValidThroughItsLastSecondAndTheLeeway() {
        UnverifiedToken token = Tokens.parse(Tokens.issue(ALICE, 7, null, NOW, NOW + 60));

        assertThat(token.verify(ALICE.account(), NOW + 60, 0, 0).twin()).isEqualTo(7);
        assertThat(reasonAt(token, NOW + 61, 0, 0)).isEqualTo(Reason.EXPIRED);
        assertThat(token.verify(ALICE.account(), NOW + 65, 5, 0).twin()).isEqualTo(7);
        assertThat(reasonAt(token, NOW + 66, 5, 0)).isEqualTo(Reason.EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "9223372036854775808", "18446744073709551615"})
    void aTimeThatNeverComesIsTakenUpTo64Bits(String time) {
        String jwt = jwt(HEADER, "{\"sub\":7,\"iat\":" + time + ",\"exp\":" + time + "}");

        assertThat(taken(jwt)).isEqualTo(new Token(7, null, Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(reasonAt(Tokens.parse(jwt), NOW, 0, 1000)).isEqualTo(Reason.LIFETIME_TOO_LONG);
    }

    @Test
    void aTokenFromTheFutureIsTaken() {
        String jwt = Tokens.issue(ALICE, 7, null, NOW + 1000, NOW + 1060);

        assertThat(taken(jwt).issuedAt()).isEqualTo(NOW + 1000);
    }

    @Test
    void theLifetimeIsCappedAndAnIssueInTheFutureDoesNotExtendIt() {
        UnverifiedToken minute = Tokens.parse(Tokens.issue(ALICE, 7, null, NOW, NOW + 60));
        UnverifiedToken later = Tokens.parse(Tokens.issue(ALICE, 7, null, NOW + 50, NOW + 61));
        UnverifiedToken eternal = Tokens.parse(Tokens.issue(ALICE, 7, null, 0, Long.MAX_VALUE));

        assertThat(minute.verify(ALICE.account(), NOW + 30, 0, 60).twin()).isEqualTo(7);
        assertThat(reasonAt(minute, NOW, 0, 59)).isEqualTo(Reason.LIFETIME_TOO_LONG);
        assertThat(reasonAt(later, NOW, 0, 60)).isEqualTo(Reason.LIFETIME_TOO_LONG);
        assertThat(reasonAt(eternal, NOW, 0, 60)).isEqualTo(Reason.LIFETIME_TOO_LONG);
        assertThat(eternal.verify(ALICE.account(), NOW, 0, 0).twin()).isEqualTo(7);
    }

    @Test
    void aTokenOfSomebodyElseIsRefused() {
        UnverifiedToken token = Tokens.parse(Tokens.issue(BOB, 7, null, NOW, NOW + 60));

        assertThat(reasonAt(token, NOW, 0, 0)).isEqualTo(Reason.WRONG_SIGNATURE);
    }

    @Test
    void changedClaimsOfASignedTokenAreRefused() {
        String jwt = Tokens.issue(ALICE, 7, null, NOW, NOW + 60);
        String signature = jwt.substring(jwt.lastIndexOf('.'));
        String changed = encode(HEADER) + "." + encode(CLAIMS.replace("7", "8")) + signature;

        assertThat(reasonAt(Tokens.parse(changed), NOW, 0, 0)).isEqualTo(Reason.WRONG_SIGNATURE);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aDamagedTokenIsNeverTakenAndNeverAnError(long seed) {
        var random = new SplittableRandom(seed);
        var damaged = new StringBuilder(Tokens.issue(ALICE, 7, "laptop", NOW, NOW + 60));
        String original = damaged.toString();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.setCharAt(at, (char) random.nextInt(128));
                case 1 -> damaged.deleteCharAt(at);
                default -> damaged.insert(at, (char) random.nextInt(1, 0x3000));
            }
        }
        if (damaged.toString().equals(original)) {
            return;
        }

        assertThatThrownBy(
                        () -> Tokens.parse(damaged.toString()).verify(ALICE.account(), NOW, 0, 0))
                .isInstanceOf(TokenException.class)
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }

    @Test
    void tokensThatCannotBeAreNotIssued() {
        assertThatThrownBy(() -> Tokens.issue(ALICE, 0, null, NOW, NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tokens.issue(ALICE, 7, null, -1, NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tokens.issue(ALICE, 7, null, NOW, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tokens.issue(ALICE, 7, "\ud83d", NOW, NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Token taken(String jwt) {
        return Tokens.parse(jwt).verify(ALICE.account(), NOW, 0, 0);
    }

    private static Reason reasonAt(UnverifiedToken token, long now, long leeway, long lifetime) {
        try {
            token.verify(ALICE.account(), now, leeway, lifetime);
        } catch (TokenException e) {
            return e.reason();
        }
        throw new AssertionError("taken");
    }

    private static void assertMalformed(String jwt) {
        assertThatThrownBy(() -> Tokens.parse(jwt))
                .isInstanceOfSatisfying(
                        TokenException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    }

    private static String claims(String more) {
        return CLAIMS.substring(0, CLAIMS.length() - 1) + "," + more + "}";
    }

    /** A token that is rightly signed, whatever is in it. */
    private static String jwt(String header, String claims) {
        return jwt(
                header.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8));
    }

    private static String jwt(byte[] header, byte[] claims) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed = encoder.encodeToString(header) + "." + encoder.encodeToString(claims);
        byte[] signature = ALICE.sign(signed.getBytes(StandardCharsets.UTF_8));
        return signed + "." + encoder.encodeToString(signature);
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
