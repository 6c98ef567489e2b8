package dev.rmb.cluster.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A certificate and its key, once they were found to be usable.
 *
 * @param chain the certificate itself first
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
    static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";

    /**
     * @param uses what the certificate must be good for, if it says anything about that
     * @param inWords the same, and what to do where it is not
     * @throws TlsException if whoever is shown it would refuse it
     */
    static Identity of(
            PemFile certificate, PemFile key, Instant now, Set<String> uses, String inWords) {
        X509Certificate[] chain = certificate.certificates();
        X509Certificate own = chain[0];
        refuseOutOfDate(certificate, own, now);
        refuseLimitedUse(certificate, own, uses, inWords);
        PrivateKey privateKey = key.privateKey(own.getPublicKey().getAlgorithm());
        if (!belongTogether(privateKey, own.getPublicKey())) {
            throw new TlsException(
                    key + " is not the key of the certificate in " + certificate, null);
        }
        return new Identity(privateKey, List.of(chain));
    }

    Instant expires() {
        return chain.get(0).getNotAfter().toInstant();
    }

    X509Certificate[] chainArray() {
        return chain.toArray(X509Certificate[]::new);
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

    private static void refuseLimitedUse(
            PemFile file, X509Certificate own, Set<String> wanted, String inWords) {
        List<String> uses;
        try {
            uses = own.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            throw new TlsException(file + " holds a certificate that cannot be read", e);
        }
        if (uses != null && !uses.contains(ANY_USE) && !uses.containsAll(wanted)) {
            throw new TlsException("the certificate in " + file + " must be " + inWords, null);
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
        return "Identity[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
