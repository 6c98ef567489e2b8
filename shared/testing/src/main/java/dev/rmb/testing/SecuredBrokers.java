package dev.rmb.testing;

import dev.rmb.broker.BrokerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Embedded brokers that let in only who is known, and the properties by which clients are. */
public final class SecuredBrokers {
    /** Of the one user, {@code relay}, of {@link #passwordOverTls}. */
    public static final String PASSWORD = "correct-horse-battery";

    private static final String OWN_PASSWORD = "the-broker-itself";
    private static final String LOGIN_MODULE =
            "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    private SecuredBrokers() {}

    /** TLS, and a name and password over it (SASL PLAIN). */
    public static BrokerSettings passwordOverTls(TestAuthority authority, Path directory) {
        return overTls("SASL_SSL", authority, directory)
                .with("sasl.enabled.mechanisms", "PLAIN")
                .with("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .with(
                        "listener.name.clients.plain.sasl.jaas.config",
                        LOGIN_MODULE
                                + "username=\"broker\" password=\"%1$s\" user_broker=\"%1$s\" user_relay=\"%2$s\";"
                                        .formatted(OWN_PASSWORD, PASSWORD));
    }

    /** TLS in which clients show a certificate of the authority. */
    public static BrokerSettings mutualTls(TestAuthority authority, Path directory) {
        return overTls("SSL", authority, directory).with("ssl.client.auth", "required");
    }

    /** Of a client that says who it is with a password. */
    public static Map<String, String> login(String user, String password) {
        return Map.of(
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN_MODULE + "username=\"%s\" password=\"%s\";".formatted(user, password));
    }

    /** Of a client, or broker, that shows this certificate. */
    public static Map<String, String> keyStore(TestIdentity identity) {
        try {
            Path both = identity.key().resolveSibling("key-and-certificate.pem");
            Files.writeString(
                    both,
                    Files.readString(identity.key()) + Files.readString(identity.certificate()));
            return Map.of("ssl.keystore.type", "PEM", "ssl.keystore.location", both.toString());
        } catch (IOException e) {
            throw new IllegalStateException("no key store", e);
        }
    }

    /** Of a client, or broker, that trusts the authorities in that file. */
    public static Map<String, String> trustStore(Path authorities) {
        return Map.of(
                "ssl.truststore.type", "PEM", "ssl.truststore.location", authorities.toString());
    }

    private static BrokerSettings overTls(
            String protocol, TestAuthority authority, Path directory) {
        TestIdentity identity =
                authority.identity("localhost", "127.0.0.1").writeTo(directory.resolve("broker"));
        BrokerSettings settings = BrokerSettings.onFreePort().speaking(protocol);
        for (var property : keyStore(identity).entrySet()) {
            settings = settings.with(property.getKey(), property.getValue());
        }
        for (var property : trustStore(identity.trust()).entrySet()) {
            settings = settings.with(property.getKey(), property.getValue());
        }
        return settings;
    }
}
