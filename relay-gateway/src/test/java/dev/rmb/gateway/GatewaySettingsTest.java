package dev.rmb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.gateway.federation.FederationSettings;
import dev.rmb.gateway.http.ClientHeader;
import dev.rmb.gateway.loop.IoKind;
import dev.rmb.gateway.polling.HttpTransport;
import dev.rmb.gateway.ratelimit.RateLimitSettings;
import dev.rmb.gateway.socket.ConnectionSettings;
import dev.rmb.gateway.tcp.TcpTransport;
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
        assertThat(settings.http().keepAlive()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.http().bodyTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.connections()).isEqualTo(new ConnectionSettings(0, 0, 0, 4096));
        assertThat(settings.sessions().maxPerTwin()).isEqualTo(1000);
        assertThat(settings.rateLimit()).isEqualTo(new RateLimitSettings(0, DataSize.bytes(0)));
        assertThat(settings.io()).isEqualTo(IoKind.AUTO);
        assertThat(settings.trustedProxies()).isEmpty();
        assertThat(settings.tls()).isNull();
        assertThat(settings.http().proxyProtocol()).isFalse();
        assertThat(settings.http().clientHeader()).isEqualTo(ClientHeader.X_FORWARDED_FOR);
        assertThat(settings.drain())
                .isEqualTo(new DrainSettings(Duration.ZERO, Duration.ofSeconds(10)));
        assertThat(settings.lookUps().perRemote()).isEqualTo(600);
        assertThat(settings.links().answerTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.federation())
                .isEqualTo(
                        new FederationSettings(
                                true,
                                true,
                                false,
                                DataSize.mebibytes(16),
                                Duration.ofMinutes(10),
                                Duration.ofSeconds(2),
                                new RateLimitSettings(0, DataSize.bytes(0)),
                                new RateLimitSettings(0, DataSize.bytes(0)),
                                DataSize.mebibytes(32),
                                1,
                                1024));
    }

    @Test
    void verificationIsSwitchedOnAndOff() {
        assertThat(parse("federation: {verify: on}").federation().verify()).isTrue();
        assertThat(parse("federation: {verify: off}").federation().verify()).isFalse();
    }

    @Test
    void aTransportIsChosenByItsType() {
        assertThat(parse("transports: [{type: websocket, maxFrame: 1MiB}]").transports())
                .containsExactly(
                        new WebSocketTransport(DataSize.mebibytes(1), DataSize.mebibytes(16)));
        assertThat(parse("transports: [{type: tcp}, {type: http}]").transports())
                .containsExactly(
                        new TcpTransport(
                                HostPort.parse("127.0.0.1:8090"),
                                DataSize.mebibytes(16),
                                DataSize.kibibytes(16),
                                Duration.ofSeconds(10),
                                true,
                                false),
                        new HttpTransport(
                                DataSize.mebibytes(16),
                                DataSize.mebibytes(17),
                                DataSize.mebibytes(1),
                                Duration.ofSeconds(25),
                                Duration.ofSeconds(30)));
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
                "transports: [{type: tcp, maxMessage: 17MiB}]",
                "transports: [{type: tcp, maxToken: 2MiB}]",
                "transports: [{type: tcp, handshakeTimeout: 0s}]",
                "transports: [{type: http, maxBody: 1MiB}]",
                "transports: [{type: http, linger: 0s}]",
                "connections: {perRemote: -1}",
                "connections: {backlog: 0}",
                "rateLimit: {messages: -1}",
                "sessions: {max: 0}",
                "sessions: {maxPerTwin: -1}",
                "sessions: {queued: 1MiB}",
                "sessions: {probeInterval: 2s}",
                "accept: {linger: 1s}",
                "accept: {timeout: 10ms}",
                "accept: {inFlight: 1KiB}",
                "auth: {threads: 0}",
                "auth: {leeway: -1s}",
                "links: {retryAfter: 3s}",
                "links: {answerTimeout: 0s}",
                "federation: {verify: sometimes}",
                "federation: {maxMessage: 17MiB}",
                "federation: {maxMessage: 0B}",
                "federation: {clockSkew: -1s}",
                "federation: {lookUpTimeout: 0s}",
                "federation: {perRemote: {messages: -1}}",
                "federation: {perTwin: {messages: -1}}",
                "federation: {inFlight: 16MiB}",
                "federation: {threads: 0}",
                "federation: {queue: 0}",
                "links: {tls: {certificate: a, key: b}}",
                "links: {insecure: true, tls: {certificate: a, key: b, trust: c}}",
                "http: {maxHeaders: 2MiB}",
                "http: {proxyProtocol: true}",
                "http: {clientHeader: via}",
                "trustedProxies: [proxy.example]",
                "trustedProxies: [10.0.0.1/8]",
                "io: kqueue",
                "tls: {certificate: a}",
                "tls: {certificate: a, key: b, protocols: [TLSv1.1]}",
                "tls: {certificate: a, key: b, protocols: []}",
                "tls: {certificate: a, key: b, threads: 0}",
                "drain: {grace: -1s}",
                "unknown: 1"
            })
    void badValuesAreRefused(String yaml) {
        assertThatThrownBy(() -> parse(yaml)).isInstanceOf(ConfigException.class);
    }

    private static GatewaySettings parse(String yaml) {
        return ConfigLoader.parse(yaml, GatewaySettings.class, Map.of());
    }
}
