package dev.rmb.cluster.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Judges certificates outside of any handshake. */
final class Authorities {
    /** The key exchange, which TLS 1.3 does not name; any text will do. */
    private static final String EXCHANGE = "UNKNOWN";

    private Authorities() {}

    /**
     * Checks who signed a pod's certificate, and that it is valid now.
     *
     * @throws CertificateException if these authorities do not stand for it
     * @throws GeneralSecurityException if they cannot be used
     */
    static void check(X509Certificate[] authorities, X509Certificate[] chain)
            throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException("no empty key store", e);
        }
        for (int i = 0; i < authorities.length; i++) {
            store.setCertificateEntry("authority-" + i, authorities[i]);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                x509.checkClientTrusted(chain, EXCHANGE);
                x509.checkServerTrusted(chain, EXCHANGE);
            }
        }
    }
}
