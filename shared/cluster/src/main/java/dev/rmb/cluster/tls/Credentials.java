package dev.rmb.cluster.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What the files of a {@link TlsSettings} hold, once it was found to be usable. */
record Credentials(Identity identity, List<X509Certificate> trust) {
    /** A pod is server to one peer and client to the next, with one certificate. */
    private static final Set<String> USES = Set.of(Identity.SERVER_AUTH, Identity.CLIENT_AUTH);

    /**
     * @throws TlsException if other pods would refuse this one, or it could trust nobody
     */
    static Credentials of(PemFile certificate, PemFile key, PemFile trust, Instant now) {
        Identity identity =
                Identity.of(
                        certificate,
                        key,
                        now,
                        USES,
                        "good for servers and for clients: issue it with extendedKeyUsage"
                                + " serverAuth and clientAuth");
        X509Certificate[] authorities = trust.certificates();
        refuseUntrusted(certificate, identity, trust, authorities);
        return new Credentials(identity, List.of(authorities));
    }

    private static void refuseUntrusted(
            PemFile file, Identity identity, PemFile trust, X509Certificate[] authorities) {
        try {
            Authorities.check(authorities, identity.chainArray());
        } catch (CertificateException e) {
            throw new TlsException(
                    "the certificate in "
                            + file
                            + " would be refused by other pods, it is not signed as "
                            + trust
                            + " wants it: "
                            + e.getMessage(),
                    e);
        } catch (GeneralSecurityException e) {
            throw new TlsException(trust + " holds certificates that cannot be used", e);
        }
    }
}
