package dev.rmb.cluster.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rmb.testing.LogLines;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PodTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final TestAuthority CLUSTER = new TestAuthority("cluster");
    private static final TestAuthority FOREIGN = new TestAuthority("somebody else");

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void keysOfEveryUsualKindAreRead(String algorithm) {
        TestIdentity files = CLUSTER.identity("pod").algorithm(algorithm).writeTo(directory);

        try (PodTls tls = PodTls.open(settings(files), "test")) {
            assertThat(chain(tls)[0].getPublicKey().getAlgorithm())
                    .isEqualTo(algorithm.equals("Ed25519") ? "EdDSA" : algorithm);
        }
    }

    @Test
    void filesThatChangeAreReadAgainAndThoseThatCannotBeUsedAreLeftAlone() throws Exception {
        TestIdentity files = CLUSTER.identity("pod").writeTo(directory.resolve("in-use"));
        TestIdentity next = CLUSTER.identity("pod").writeTo(directory.resolve("next"));
        try (LogLines log = LogLines.of("dev.rmb.cluster.tls");
                PodTls tls = PodTls.open(settings(files), "test", OFTEN)) {
            BigInteger first = serial(tls);

            // Certificate before key, as it may be seen in the middle of a replacement.
            move(next.certificate(), files.certificate());
            await().atMost(PATIENCE).until(() -> !log.lines().isEmpty());
            assertThat(log.lines().get(0)).contains("is not the key of the certificate");
            assertThat(serial(tls)).isEqualTo(first);

            move(next.key(), files.key());
            await().atMost(PATIENCE).until(() -> !serial(tls).equals(first));
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void anAuthorityThatIsAddedIsTrustedFromThenOn() throws Exception {
        TestIdentity files = CLUSTER.identity("pod").writeTo(directory);
        try (PodTls tls = PodTls.open(settings(files), "test", OFTEN)) {
            assertThat(tls.trustManager().getAcceptedIssuers()).hasSize(1);

            CLUSTER.writeTrust(files.trust(), FOREIGN);

            await().atMost(PATIENCE)
                    .until(() -> tls.trustManager().getAcceptedIssuers().length == 2);
        }
    }

    @Test
    void whatOtherPodsWouldRefuseIsRefusedAtTheStart() {
        assertRefused(
                CLUSTER.identity("pod").validFor(Duration.ofDays(3), Duration.ofDays(-1)),
                "expired at");
        assertRefused(
                CLUSTER.identity("pod").validFor(Duration.ofDays(-1), Duration.ofDays(3)),
                "is not valid before");
        assertRefused(
                CLUSTER.identity("pod").uses(TestAuthority.Use.SERVER),
                "must be good for servers and for clients");
        TestIdentity foreign = FOREIGN.identity("pod").writeTo(directory);
        CLUSTER.writeTrust(foreign.trust());
        assertThatThrownBy(() -> PodTls.check(settings(foreign)))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("would be refused by other pods");
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreNamedAndNotQuoted() throws Exception {
        TestIdentity files = CLUSTER.identity("pod").writeTo(directory);
        String key = Files.readString(files.key());
        Path missing = directory.resolve("missing.key");

        assertThatThrownBy(() ->
                        PodTls.check(
                                new TlsSettings(files.certificate(), missing, files.trust(), null)))
                .hasMessage("there is no file " + missing);
        assertKeyRefused(files, key.replace("PRIVATE", "RSA PRIVATE"), "openssl pkcs8 -topk8");
        assertKeyRefused(files, key.replace("PRIVATE", "ENCRYPTED PRIVATE"), "under a password");
        assertKeyRefused(files, "secret", "holds no private key in PEM");
        assertKeyRefused(
                files,
                "-----BEGIN PRIVATE KEY-----\nMEECAQA=\n-----END PRIVATE KEY-----\n",
                "holds no private key of kind EC");
        Files.writeString(files.certificate(), "nothing");
        assertThatThrownBy(() -> PodTls.check(settings(files)))
                .hasMessage(files.certificate() + " holds no certificate in PEM");
    }

    private void assertRefused(TestAuthority.Request request, String why) {
        TestIdentity files = request.writeTo(directory);
        assertThatThrownBy(() -> PodTls.check(settings(files)))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining(why);
    }

    private static void assertKeyRefused(TestIdentity files, String text, String why)
            throws IOException {
        Files.writeString(files.key(), text);
        assertThatThrownBy(() -> PodTls.check(settings(files)))
                .isInstanceOf(TlsException.class)
                .hasNoCause()
                .hasMessageContaining(files.key().toString())
                .hasMessageMatching("(?s).*(" + why + ").*")
                .message()
                .doesNotContain(text.lines().skip(1).findFirst().orElse("secret"));
    }

    private static TlsSettings settings(TestIdentity files) {
        return new TlsSettings(files.certificate(), files.key(), files.trust(), null);
    }

    private static BigInteger serial(PodTls tls) {
        return chain(tls)[0].getSerialNumber();
    }

    private static java.security.cert.X509Certificate[] chain(PodTls tls) {
        String alias = tls.keyManager().chooseEngineServerAlias("EC", null, null);
        return Objects.requireNonNull(tls.keyManager().getCertificateChain(alias));
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
