package dev.rmb.standalone.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which relay a command asks, and with which token. */
final class AdminOptions {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "the relay's admin address (default: ${DEFAULT-VALUE})")
    private URI admin = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:RMB_ADMIN_TOKEN}",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "the token to show (default: RMB_ADMIN_TOKEN of the environment, which other"
                            + " users of the machine do not see)")
    private @Nullable String token;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "PEM with the authorities of an https admin address (default: Java's)")
    private @Nullable Path trust;

    AdminApi open() {
        HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(CONNECT);
        if (trust != null) {
            http.sslContext(trusting(trust));
        }
        return new AdminApi(admin, token == null || token.isBlank() ? null : token, http.build());
    }

    private static SSLContext trusting(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            for (Certificate authority :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                authorities.setCertificateEntry("a" + authorities.size(), authority);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandException("--trust " + file + " cannot be used: " + e, e);
        }
    }
}
