package dev.rmb.cluster.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A pod's TLS identity, kept up with its files: what is connected from then on uses what they hold
 * now; connections that exist stay as they are. Owns a thread. Thread-safe.
 *
 * <p>Both managers are for mutual TLS, in which each side is known by a certificate of the
 * cluster's authority. The trust manager also holds a server to the name it is connected by.
 */
public final class PodTls implements AutoCloseable {
    /** The only one: all pods are of this project, and nothing older needs to be spoken. */
    public static final String PROTOCOL = "TLSv1.3";

    private final TlsSettings settings;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;
    private final PemFiles files;

    private PodTls(TlsSettings settings, String pod, Duration look) {
        this.settings = settings;
        try {
            this.trust =
                    AdvancedTlsX509TrustManager.newBuilder()
                            .setVerification(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                            .build();
        } catch (GeneralSecurityException e) {
            throw new TlsException("no trust manager", e);
        }
        Clock clock = Clock.systemUTC();
        this.files =
                PemFiles.follow(
                        paths(settings),
                        pod + "-tls",
                        look,
                        clock,
                        TlsChanges.IGNORED,
                        found -> use(credentials(found, clock)));
    }

    /**
     * Reads the files and begins to follow them.
     *
     * @param pod names the thread
     * @throws TlsException if they cannot be used
     */
    public static PodTls open(TlsSettings settings, String pod) {
        return open(settings, pod, PemFiles.LOOK);
    }

    /**
     * Reads the files and begins to follow them.
     *
     * @param look how often they are looked at
     * @throws TlsException if they cannot be used
     */
    public static PodTls open(TlsSettings settings, String pod, Duration look) {
        return new PodTls(settings, pod, look);
    }

    /**
     * Reads the files, once, to see whether they can be used.
     *
     * @throws TlsException if not
     */
    public static void check(TlsSettings settings) {
        var _ = credentials(PemFiles.read(paths(settings)), Clock.systemUTC());
    }

    /** What a pod shows, as server and as client. */
    public X509ExtendedKeyManager keyManager() {
        return keys;
    }

    /** Whom it believes. */
    public X509ExtendedTrustManager trustManager() {
        return trust;
    }

    /**
     * Judges by what is trusted now, and by the time, a certificate that a pod showed earlier.
     *
     * @throws CertificateException if it would be refused
     */
    public void check(X509Certificate[] chain) throws CertificateException {
        try {
            Authorities.check(trust.getAcceptedIssuers(), chain);
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    /** The name a server must have; {@code null}: the host that it is connected by. */
    public @Nullable String peerName() {
        return settings.peerName();
    }

    @Override
    public void close() {
        files.close();
    }

    private static List<Path> paths(TlsSettings settings) {
        return List.of(settings.certificate(), settings.key(), settings.trust());
    }

    private static Credentials credentials(List<PemFile> files, Clock clock) {
        return Credentials.of(files.get(0), files.get(1), files.get(2), clock.instant());
    }

    private Instant use(Credentials credentials) {
        try {
            // Trust first, so that nobody is shown a certificate by whom he would be refused.
            trust.updateTrustCredentials(credentials.trust().toArray(X509Certificate[]::new));
            Identity identity = credentials.identity();
            keys.updateIdentityCredentials(identity.chainArray(), identity.key());
            return identity.expires();
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException("the certificates cannot be used", e);
        }
    }
}
