package dev.rmb.cluster.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files by which pods know each other: a {@code tls} section of the configuration. Read anew
 * when they change.
 *
 * @param certificate PEM: this pod's certificate and what lies between it and the authority; good
 *     for servers and for clients
 * @param key PEM: the private key of the certificate, PKCS#8, not encrypted
 * @param trust PEM: the authorities that sign the certificates of this cluster's pods, and nobody
 *     else's: whoever has a certificate of theirs is a pod
 * @param peerName the name that the certificates of the pods connected to must have; absent: the
 *     host they are reached by
 */
public record TlsSettings(Path certificate, Path key, Path trust, @Nullable String peerName) {
    public TlsSettings {
        if (peerName != null && peerName.isBlank()) {
            throw new IllegalArgumentException("peerName must not be empty");
        }
    }
}
