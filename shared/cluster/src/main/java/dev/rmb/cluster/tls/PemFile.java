package dev.rmb.cluster.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in a PEM file. Nothing of it is ever part of a message. */
final class PemFile {
    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern OLD_KEY =
            Pattern.compile("-----BEGIN (RSA|EC|DSA) PRIVATE KEY-----");
    private static final String ENCRYPTED_KEY = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";

    /** A chain, an authority's bundle or a key has some kilobytes. */
    private static final long MAX_BYTES = 1 << 20;

    private final Path path;
    private final byte[] content;

    private PemFile(Path path, byte[] content) {
        this.path = path;
        this.content = content;
    }

    static PemFile read(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new TlsException(path + " is too large to be a PEM file", null);
            }
            return new PemFile(path, Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            throw new TlsException("there is no file " + path, e);
        } catch (AccessDeniedException e) {
            throw new TlsException(
                    path + " may not be read by " + System.getProperty("user.name"), e);
        } catch (IOException e) {
            throw new TlsException(path + " cannot be read: " + e, e);
        }
    }

    boolean hasContentOf(PemFile other) {
        return Arrays.equals(content, other.content);
    }

    /** The certificates, at least one. */
    X509Certificate[] certificates() {
        // The factory would take text without any certificate for an empty list.
        if (!text().contains(CERTIFICATE)) {
            throw new TlsException(path + " holds no certificate in PEM", null);
        }
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(content))
                    .toArray(X509Certificate[]::new);
        } catch (CertificateException e) {
            throw new TlsException(path + " holds a certificate that cannot be read", e);
        }
    }

    /**
     * The private key.
     *
     * @param algorithm of the certificate that it belongs to
     */
    PrivateKey privateKey(String algorithm) {
        String text = text();
        if (OLD_KEY.matcher(text).find()) {
            throw new TlsException(
                    path
                            + " holds a key of an older format: convert it with  openssl pkcs8 -topk8"
                            + " -nocrypt -in OLD -out NEW",
                    null);
        }
        if (text.contains(ENCRYPTED_KEY)) {
            throw new TlsException(
                    path
                            + " holds a key under a password, which the relay does not know: remove"
                            + " it with  openssl pkcs8 -in OLD -out NEW",
                    null);
        }
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw new TlsException(path + " holds no private key in PEM (PKCS#8)", null);
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Without a cause: what a provider says may quote the key.
            throw new TlsException(path + " holds no private key of kind " + algorithm, null);
        }
    }

    private String text() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
