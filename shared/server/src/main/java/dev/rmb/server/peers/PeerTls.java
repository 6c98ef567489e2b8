package dev.rmb.server.peers;

import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminTlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Whom to take for another pod's admin port. */
public final class PeerTls {
    private static final String PROTOCOL = "TLSv1.3";

    private PeerTls() {}

    /**
     * Empty where admin ports speak plain text. The authorities are read once.
     *
     * @throws IllegalArgumentException if their file cannot be used; the message says why
     */
    public static Optional<SSLContext> of(AdminConfig config) {
        AdminTlsSettings tls = config.tls();
        if (tls == null) {
            return Optional.empty();
        }
        Path trust = tls.trust();
        try {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(null, trust == null ? null : managers(trust), null);
            return Optional.of(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "admin.tls.trust: " + trust + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] managers(Path file) throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        int count = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                authorities.setCertificateEntry("authority-" + count++, certificate);
            }
        }
        if (count == 0) {
            throw new IOException("it holds no certificate");
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return factory.getTrustManagers();
    }
}
