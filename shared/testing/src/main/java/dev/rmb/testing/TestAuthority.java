package dev.rmb.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority with a key of its own, made anew each time: none is in the files. */
public final class TestAuthority {
    private static final Duration LIFE = Duration.ofDays(30);
    private static final AtomicLong SERIALS = new AtomicLong(1);

    /** What may be done with a certificate. */
    public enum Use {
        SERVER,
        CLIENT
    }

    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    public TestAuthority(String commonName) {
        this.name = new X500Name("CN=" + commonName);
        this.keys = keyPair("EC");
        Instant now = Instant.now();
        try {
            certificate =
                    signed(
                            new JcaX509v3CertificateBuilder(
                                            name,
                                            BigInteger.valueOf(SERIALS.getAndIncrement()),
                                            Date.from(now.minus(LIFE)),
                                            Date.from(now.plus(LIFE)),
                                            name,
                                            keys.getPublic())
                                    .addExtension(
                                            Extension.basicConstraints,
                                            true,
                                            new BasicConstraints(true))
                                    .addExtension(
                                            Extension.keyUsage,
                                            true,
                                            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no test authority", e);
        }
    }

    /** An identity that is to be made; each method returns this. */
    public final class Request {
        private final List<String> names;
        private String algorithm = "EC";
        private List<Use> uses = List.of(Use.SERVER, Use.CLIENT);
        private Instant from = Instant.now().minus(Duration.ofDays(1));
        private Instant until = Instant.now().plus(LIFE);

        private Request(List<String> names) {
            this.names = names;
        }

        /** {@code EC} (what it is without), {@code RSA} or {@code Ed25519}. */
        public Request algorithm(String keyAlgorithm) {
            algorithm = keyAlgorithm;
            return this;
        }

        public Request uses(Use... allowed) {
            uses = List.of(allowed);
            return this;
        }

        public Request validFor(Duration beforeNow, Duration afterNow) {
            from = Instant.now().minus(beforeNow);
            until = Instant.now().plus(afterNow);
            return this;
        }

        /** Writes the files, over those of the same directory. */
        public TestIdentity writeTo(Path directory) {
            KeyPair own = keyPair(algorithm);
            try {
                Files.createDirectories(directory);
                TestIdentity files =
                        new TestIdentity(
                                directory.resolve("tls.crt"),
                                directory.resolve("tls.key"),
                                directory.resolve("ca.crt"));
                Files.writeString(files.key(), pem("PRIVATE KEY", own.getPrivate().getEncoded()));
                Files.writeString(
                        files.certificate(), pem("CERTIFICATE", certificateOf(own).getEncoded()));
                writeTrust(files.trust());
                return files;
            } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
                throw new IllegalStateException("no test identity", e);
            }
        }

        /** The same in memory, with an empty password. */
        public KeyStore keyStore() {
            KeyPair own = keyPair(algorithm);
            try {
                KeyStore store = emptyStore();
                store.setKeyEntry(
                        "own",
                        own.getPrivate(),
                        new char[0],
                        new Certificate[] {certificateOf(own)});
                return store;
            } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
                throw new IllegalStateException("no test identity", e);
            }
        }

        private X509Certificate certificateOf(KeyPair own)
                throws IOException, GeneralSecurityException, OperatorCreationException {
            KeyPurposeId[] purposes =
                    uses.stream()
                            .map(use ->
                                    use == Use.SERVER
                                            ? KeyPurposeId.id_kp_serverAuth
                                            : KeyPurposeId.id_kp_clientAuth)
                            .toArray(KeyPurposeId[]::new);
            GeneralName[] alternatives =
                    names.stream()
                            .map(n ->
                                    new GeneralName(
                                            n.matches("[0-9.]+|.*:.*")
                                                    ? GeneralName.iPAddress
                                                    : GeneralName.dNSName,
                                            n))
                            .toArray(GeneralName[]::new);
            return signed(
                    new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.valueOf(SERIALS.getAndIncrement()),
                                    Date.from(from),
                                    Date.from(until),
                                    new X500Name("CN=" + names.get(0)),
                                    own.getPublic())
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(purposes))
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(alternatives)));
        }
    }

    /** Begins an identity whose certificate is for these host names and addresses. */
    public Request identity(String... names) {
        return new Request(List.of(names));
    }

    /** Writes what whoever trusts this authority, and those others, is given. */
    public void writeTrust(Path file, TestAuthority... others) {
        try {
            StringBuilder text = new StringBuilder(pem("CERTIFICATE", certificate.getEncoded()));
            for (TestAuthority other : others) {
                text.append(pem("CERTIFICATE", other.certificate.getEncoded()));
            }
            Files.writeString(file, text);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no test authority", e);
        }
    }

    /** This authority's certificate alone. */
    public KeyStore trustStore() {
        try {
            KeyStore store = emptyStore();
            store.setCertificateEntry("authority", certificate);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no test authority", e);
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private X509Certificate signed(X509v3CertificateBuilder builder)
            throws GeneralSecurityException, OperatorCreationException {
        PrivateKey signer = keys.getPrivate();
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(
                                new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    }

    private static KeyPair keyPair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(256);
            } else if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no keys of kind " + algorithm, e);
        }
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
