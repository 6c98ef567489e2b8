package dev.rmb.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Ping;
import dev.rmb.proto.Request;
import dev.rmb.protocol.encryption.PayloadCipher;
import dev.rmb.protocol.envelope.Challenge;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.protocol.identity.Mnemonics;
import dev.rmb.protocol.identity.Signatures;
import dev.rmb.protocol.token.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The worked examples of docs/specification.md are what this code makes. */
final class SpecificationTest {
    private static final Path SPECIFICATION = Path.of("../../docs/specification.md");

    private static final String ALICE =
            "legal winner thank year wave sausage worth useful legal winner thank yellow";
    private static final String BOB =
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";

    private static final long NOW = 1_800_000_000L;

    @Test
    void identitiesAreThoseOfTheCode() throws IOException {
        var lines = new ArrayList<String>();
        lines.add("entropy      = " + hex(Mnemonics.entropy(ALICE)));
        for (String path : List.of("", "//hard", "//hard/soft", "///password")) {
            for (KeyType type : KeyType.values()) {
                if (path.equals("//hard/soft") && type == KeyType.ED25519) {
                    continue;
                }
                try (var pair = KeyPair.of(type, ALICE + path)) {
                    lines.add(
                            "%-12s %-7s = %s"
                                    .formatted(
                                            path.isEmpty() ? "(no path)" : path,
                                            type.name().toLowerCase(Locale.ROOT),
                                            hex(pair.account().bytes())));
                    if (path.isEmpty()) {
                        lines.add("%20s = %s".formatted("SS58", pair.account().ss58()));
                    }
                }
            }
        }
        try (var key = EncryptionKey.of(ALICE)) {
            lines.add("secp256k1    = " + hex(key.publicKey()));
        }
        contains(lines);
    }

    @Test
    void theMiniSecretShownIsTheMnemonics() throws IOException {
        String seed = "0x" + shown("mini-secret  = ");
        for (KeyType type : KeyType.values()) {
            try (var bySeed = KeyPair.of(type, seed);
                    var byMnemonic = KeyPair.of(type, ALICE)) {
                assertThat(bySeed.account()).isEqualTo(byMnemonic.account());
            }
        }
    }

    @Test
    void envelopesAreThoseOfTheCode() throws IOException {
        try (var alice = KeyPair.of(KeyType.ED25519, ALICE)) {
            Envelope.Builder request =
                    Envelope.newBuilder()
                            .setUid("5e8c5b2c-0f43-4b3c-9f6b-2f3f2c1a7d10")
                            .setTags("fail-fast")
                            .setTimestamp(NOW)
                            .setExpiration(60)
                            .setSource(Envelopes.toProto(Address.parse("7:laptop")))
                            .setDestination(Envelopes.toProto(Address.parse("9")))
                            .setRequest(Request.newBuilder().setCommand("calculator.add"))
                            .setSchema("application/json")
                            .setPlain(ByteString.copyFromUtf8("[1,2]"));
            Envelope signed = Envelopes.sign(request, alice);
            Envelope ping =
                    Envelope.newBuilder()
                            .setUid("p-1")
                            .setTimestamp(NOW)
                            .setExpiration(60)
                            .setSource(Envelopes.toProto(Address.parse("7:laptop")))
                            .setDestination(dev.rmb.proto.Address.getDefaultInstance())
                            .setPing(Ping.getDefaultInstance())
                            .build();
            Envelope error =
                    Envelopes.relayError(
                            signed.getUid(),
                            Address.parse("7:laptop"),
                            0,
                            "unknown twin destination",
                            NOW);

            assertThat(Envelopes.verify(signed, alice.account())).isTrue();
            contains(
                    List.of(
                            "address      = "
                                    + hex(
                                            Envelopes.toProto(Address.parse("7:laptop"))
                                                    .toByteArray()),
                            "challenge    = " + hex(Challenge.of(signed)),
                            "signature    = " + hex(signed.getSignature().toByteArray()),
                            "envelope     = " + hex(signed.toByteArray()),
                            "ping         = " + hex(ping.toByteArray()),
                            "pong         = " + hex(Envelopes.pongOf(ping).toByteArray()),
                            "error        = " + hex(error.toByteArray())));
        }
    }

    @Test
    void theTextBehindTheChallengeIsTheOneShown() throws IOException, NoSuchAlgorithmException {
        String text =
                "5e8c5b2c-0f43-4b3c-9f6b-2f3f2c1a7d10fail-fast1800000000607laptop9calculator.add"
                        + "application/json[1,2]";
        byte[] digest =
                MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));

        contains(List.of("text         = " + text, "challenge    = " + hex(digest)));
    }

    @Test
    void tokensAreThoseOfTheCode() throws IOException {
        try (var alice = KeyPair.of(KeyType.ED25519, ALICE)) {
            contains(List.of("token        = " + Tokens.issue(alice, 7, "laptop", NOW, NOW + 60)));
        }
    }

    /** An sr25519 signature is another one each time; the one shown holds. */
    @Test
    void theSchnorrkelSignatureShownHolds() throws IOException {
        try (var alice = KeyPair.of(KeyType.SR25519, ALICE)) {
            byte[] signature = HexFormat.of().parseHex(shown("sr25519      = "));

            assertThat(
                            Signatures.verify(
                                    alice.account(),
                                    "hello".getBytes(StandardCharsets.UTF_8),
                                    signature))
                    .isTrue();
        }
    }

    @Test
    void theCipherShownIsReadByBothEnds() throws IOException {
        try (var alice = EncryptionKey.of(ALICE);
                var bob = EncryptionKey.of(BOB)) {
            contains(
                    List.of(
                            "Bob's key    = " + hex(bob.publicKey()),
                            "shared       = " + hex(alice.sharedSecretWith(bob.publicKey()))));
            byte[] encrypted = HexFormat.of().parseHex(shown("cipher       = "));

            assertThat(PayloadCipher.between(alice, bob.publicKey()).decrypt(encrypted))
                    .isEqualTo("[1,2]".getBytes(StandardCharsets.UTF_8));
            assertThat(PayloadCipher.between(bob, alice.publicKey()).decrypt(encrypted))
                    .isEqualTo("[1,2]".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String shown(String name) throws IOException {
        return Files.readAllLines(SPECIFICATION).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line " + name))
                .substring(name.length());
    }

    private static void contains(List<String> lines) throws IOException {
        assertThat(Files.readAllLines(SPECIFICATION)).containsAll(lines);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
