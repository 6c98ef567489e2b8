package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.gateway.websocket.WebSocketTransport;
import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.config.HostPort;
import io.dropwizard.util.DataSize;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewaySettingsTest {
    @Test
    void theDefaultsAreTheDocumentedOnes() {
        GatewaySettings settings = parse("");

        assertThat(settings.name()).isEqualTo("gateway");
        assertThat(settings.listen()).isEqualTo(HostPort.parse("127.0.0.1:8080"));
        assertThat(settings.loopCount()).isPositive();
        assertThat(settings.transports())
                .containsExactly(
                        new WebSocketTransport(DataSize.mebibytes(16), DataSize.mebibytes(16)));
        assertThat(settings.accept().linger()).isZero();
        assertThat(settings.accept().timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.accept().inFlight()).isEqualTo(DataSize.mebibytes(32));
        assertThat(settings.auth().leeway()).isZero();
        assertThat(settings.auth().maxLifetime()).isZero();
        assertThat(settings.sessions().answerTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.sessions().probeInterval()).isEqualTo(Duration.ofMillis(25));
        assertThat(settings.links().cutOff()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.http().handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aTransportIsChosenByItsType() {
        assertThat(parse("transports: [{type: websocket, maxFrame: 1MiB}]").transports())
                .containsExactly(
                        new WebSocketTransport(DataSize.mebibytes(1), DataSize.mebibytes(16)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: ''",
                "loops: 257",
                "startTimeout: 0s",
                "transports: [{type: pigeon}]",
                "transports: []",
                "transports: [{type: websocket, maxFrame: 17MiB}]",
                "sessions: {max: 0}",
                "sessions: {queued: 1MiB}",
                "sessions: {probeInterval: 2s}",
                "accept: {linger: 1s}",
                "accept: {timeout: 10ms}",
                "accept: {inFlight: 1KiB}",
                "auth: {threads: 0}",
                "auth: {leeway: -1s}",
                "links: {retryAfter: 3s}",
                "links: {tls: {certificate: a, key: b}}",
                "links: {insecure: true, tls: {certificate: a, key: b, trust: c}}",
                "http: {maxHeaders: 2MiB}",
                "unknown: 1"
            })
    void badValuesAreRefused(String yaml) {
        assertThatThrownBy(() -> parse(yaml)).isInstanceOf(ConfigException.class);
    }

    private static GatewaySettings parse(String yaml) {
        return ConfigLoader.parse(yaml, GatewaySettings.class, Map.of());
    }
}
