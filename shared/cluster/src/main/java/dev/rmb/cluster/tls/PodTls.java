package dev.rmb.cluster.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger log = LoggerFactory.getLogger(PodTls.class);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration WARN_BEFORE = Duration.ofDays(7);
    private static final Duration WARN_EVERY = Duration.ofDays(1);

    private final TlsSettings settings;
    private final Clock clock;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;
    private final ScheduledExecutorService thread;

    // Belong to the thread, once it runs.
    private Files current;
    private @Nullable Files refused;
    private @Nullable String unreadable;
    private Instant expires;
    private Instant warned = Instant.EPOCH;

    private record Files(PemFile certificate, PemFile key, PemFile trust) {
        static Files read(TlsSettings settings) {
            return new Files(
                    PemFile.read(settings.certificate()),
                    PemFile.read(settings.key()),
                    PemFile.read(settings.trust()));
        }

        boolean same(@Nullable Files other) {
            return other != null
                    && certificate.hasContentOf(other.certificate)
                    && key.hasContentOf(other.key)
                    && trust.hasContentOf(other.trust);
        }

        Credentials credentials(Clock clock) {
            return Credentials.of(certificate, key, trust, clock.instant());
        }
    }

    private PodTls(TlsSettings settings, String pod, Clock clock, Duration look) {
        this.settings = settings;
        this.clock = clock;
        try {
            this.trust =
                    AdvancedTlsX509TrustManager.newBuilder()
                            .setVerification(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                            .build();
        } catch (GeneralSecurityException e) {
            throw new TlsException("no trust manager", e);
        }
        this.current = Files.read(settings);
        this.expires = use(current.credentials(clock));
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(pod + "-tls").daemon().factory());
        var _ =
                thread.scheduleWithFixedDelay(
                        this::look, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Reads the files and begins to follow them.
     *
     * @param pod names the thread
     * @throws TlsException if they cannot be used
     */
    public static PodTls open(TlsSettings settings, String pod) {
        return open(settings, pod, LOOK);
    }

    /**
     * Reads the files and begins to follow them.
     *
     * @param look how often they are looked at
     * @throws TlsException if they cannot be used
     */
    public static PodTls open(TlsSettings settings, String pod, Duration look) {
        return new PodTls(settings, pod, Clock.systemUTC(), look);
    }

    /**
     * Reads the files, once, to see whether they can be used.
     *
     * @throws TlsException if not
     */
    public static void check(TlsSettings settings) {
        Files.read(settings).credentials(Clock.systemUTC());
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
        thread.shutdownNow();
    }

    private void look() {
        try {
            follow();
            warnOfExpiry();
        } catch (RuntimeException e) {
            log.error("The TLS files could not be looked after", e);
        }
    }

    private void follow() {
        Files found;
        try {
            found = Files.read(settings);
            unreadable = null;
        } catch (TlsException e) {
            // Files that are being replaced may be away for a moment.
            if (!String.valueOf(e.getMessage()).equals(unreadable)) {
                unreadable = e.getMessage();
                log.warn("TLS files cannot be read, those read before stay in use: {}", unreadable);
            }
            return;
        }
        if (found.same(current) || found.same(refused)) {
            return;
        }
        try {
            expires = use(found.credentials(clock));
            current = found;
            refused = null;
            log.info("TLS files have changed and are in use; the certificate expires {}", expires);
        } catch (TlsException e) {
            refused = found;
            log.warn(
                    "TLS files have changed but cannot be used, those before stay in use: {}",
                    e.getMessage());
        }
    }

    private void warnOfExpiry() {
        Instant now = clock.instant();
        if (now.isAfter(expires.minus(WARN_BEFORE)) && now.isAfter(warned.plus(WARN_EVERY))) {
            warned = now;
            log.warn("The certificate in {} expires {}", settings.certificate(), expires);
        }
    }

    private Instant use(Credentials credentials) {
        try {
            // Trust first, so that nobody is shown a certificate by whom he would be refused.
            trust.updateTrustCredentials(array(credentials.trust()));
            keys.updateIdentityCredentials(array(credentials.chain()), credentials.key());
            return credentials.expires();
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException("the certificates cannot be used", e);
        }
    }

    private static X509Certificate[] array(List<X509Certificate> certificates) {
        return certificates.toArray(X509Certificate[]::new);
    }
}
