package dev.rmb.cluster.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * What a server shows to clients that show nothing themselves: a certificate and its key, kept up
 * with their files. Connections that exist stay as they are. Owns a thread. Thread-safe.
 */
public final class ServerTls implements AutoCloseable {
    private static final Set<String> USES = Set.of(Identity.SERVER_AUTH);

    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final PemFiles files;

    private ServerTls(Path certificate, Path key, String pod, Duration look, TlsChanges changes) {
        Clock clock = Clock.systemUTC();
        this.files =
                PemFiles.follow(
                        List.of(certificate, key),
                        pod + "-edge-tls",
                        look,
                        clock,
                        changes,
                        found -> use(identity(found, clock)));
    }

    /**
     * Reads the files and begins to follow them.
     *
     * @param certificate PEM: the certificate, and what lies between it and an authority
     * @param key PEM: its private key, PKCS#8, not encrypted
     * @param pod names the thread
     * @param look how often the files are looked at
     * @throws TlsException if they cannot be used
     */
    public static ServerTls open(
            Path certificate, Path key, String pod, Duration look, TlsChanges changes) {
        return new ServerTls(certificate, key, pod, look, changes);
    }

    /**
     * Reads the files, once, to see whether they can be used.
     *
     * @throws TlsException if not
     */
    public static void check(Path certificate, Path key) {
        var _ = identity(PemFiles.read(List.of(certificate, key)), Clock.systemUTC());
    }

    /** What is shown. */
    public X509ExtendedKeyManager keyManager() {
        return keys;
    }

    @Override
    public void close() {
        files.close();
    }

    private static Identity identity(List<PemFile> files, Clock clock) {
        return Identity.of(
                files.get(0),
                files.get(1),
                clock.instant(),
                USES,
                "good for servers: issue it with extendedKeyUsage serverAuth");
    }

    private Instant use(Identity identity) {
        keys.updateIdentityCredentials(identity.chainArray(), identity.key());
        return identity.expires();
    }
}
