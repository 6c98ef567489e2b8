package dev.rmb.gateway.tls;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * TLS towards clients. They show no certificate: their tokens say who they are.
 *
 * @param certificate PEM: this relay's certificate, and what lies between it and an authority that
 *     clients trust
 * @param key PEM: its private key, PKCS#8, not encrypted
 * @param protocols that are spoken
 * @param ciphers that are spoken, by their names in Java; none: those that keep what was recorded
 *     secret even if the key is lost, and cannot be tampered with unseen
 * @param lookEvery how often the files are looked at for changes
 * @param threads that sign for clients that connect
 * @param queue of clients that may wait for that; beyond it they are disconnected
 */
public record EdgeTlsSettings(
        Path certificate,
        Path key,
        @JsonProperty(defaultValue = "[TLSv1.3, TLSv1.2]") List<String> protocols,
        @JsonProperty(defaultValue = "[]") List<String> ciphers,
        @JsonProperty(defaultValue = "10s") Duration lookEvery,
        @JsonProperty(defaultValue = "1") int threads,
        @JsonProperty(defaultValue = "1024") int queue) {

    /** What is older has known weaknesses. */
    private static final Set<String> KNOWN = Set.of("TLSv1.3", "TLSv1.2");

    private static final int MAX_THREADS = 256;
    private static final int MAX_QUEUE = 1 << 20;

    public EdgeTlsSettings {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
        if (protocols.isEmpty() || !KNOWN.containsAll(protocols)) {
            throw new IllegalArgumentException("protocols must be TLSv1.3, TLSv1.2 or both");
        }
        if (lookEvery.toMillis() < 1) {
            throw new IllegalArgumentException("lookEvery must be at least 1ms");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS);
        }
        if (queue < 1 || queue > MAX_QUEUE) {
            throw new IllegalArgumentException("queue must be 1 to " + MAX_QUEUE);
        }
    }
}
