package dev.rmb.cluster.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What the files of a {@link TlsSettings} hold, once it was found to be usable.
 *
 * @param chain this pod's certificate first
 */
record Credentials(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> trust) {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";

    /**
     * @throws TlsException if other pods would refuse this one, or it could trust nobody
     */
    static Credentials of(PemFile certificate, PemFile key, PemFile trust, Instant now) {
        X509Certificate[] chain = certificate.certificates();
        X509Certificate own = chain[0];
        refuseOutOfDate(certificate, own, now);
        refuseLimitedUse(certificate, own);
        PrivateKey privateKey = key.privateKey(own.getPublicKey().getAlgorithm());
        if (!belongTogether(privateKey, own.getPublicKey())) {
            throw new TlsException(
                    key + " is not the key of the certificate in " + certificate, null);
        }
        X509Certificate[] authorities = trust.certificates();
        refuseUntrusted(certificate, chain, trust, authorities);
        return new Credentials(privateKey, List.of(chain), List.of(authorities));
    }

    Instant expires() {
        return chain.get(0).getNotAfter().toInstant();
    }

    private static void refuseOutOfDate(PemFile file, X509Certificate own, Instant now) {
        Instant from = own.getNotBefore().toInstant();
        Instant until = own.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            throw new TlsException("the certificate in " + file + " expired at " + until, null);
        }
        if (now.isBefore(from)) {
            throw new TlsException(
                    "the certificate in " + file + " is not valid before " + from, null);
        }
    }

    /** A pod is server to one peer and client to the next, with one certificate. */
    private static void refuseLimitedUse(PemFile file, X509Certificate own) {
        List<String> uses;
        try {
            uses = own.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            throw new TlsException(file + " holds a certificate that cannot be read", e);
        }
        boolean both =
                uses == null
                        || uses.contains(ANY_USE)
                        || (uses.contains(SERVER_AUTH) && uses.contains(CLIENT_AUTH));
        if (!both) {
            throw new TlsException(
                    "the certificate in "
                            + file
                            + " must be good for servers and for clients: issue it with"
                            + " extendedKeyUsage serverAuth and clientAuth",
                    null);
        }
    }

    private static void refuseUntrusted(
            PemFile file, X509Certificate[] chain, PemFile trust, X509Certificate[] authorities) {
        try {
            Authorities.check(authorities, chain);
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

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm =
                switch (publicKey.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> publicKey.getAlgorithm();
                };
        byte[] sample = "whose key is this".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(sample);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(sample);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Credentials[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
