package dev.rmb.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.cluster.tls.TlsSettings;
import dev.rmb.router.dispatch.DispatchSettings;
import dev.rmb.router.dispatch.MailboxLimits;
import dev.rmb.router.federation.FederationSettings;
import dev.rmb.router.stream.StreamSettings;
import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.config.HostPort;
import io.dropwizard.util.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class RouterSettingsTest {
    record Config(RouterSettings router) {}

    @Test
    void anEmptySectionGivesTheDefaults() {
        RouterSettings settings = parse("router: {}");

        assertThat(settings)
                .isEqualTo(
                        new RouterSettings(
                                "router",
                                new HostPort("127.0.0.1", 8082),
                                null,
                                List.of("localhost"),
                                Duration.ofSeconds(30),
                                new StreamSettings(
                                        Path.of("./data/router"),
                                        1,
                                        1,
                                        Duration.ofSeconds(6),
                                        Duration.ofMillis(200),
                                        Duration.ofMinutes(10)),
                                new DeliverySettings(
                                        4_096,
                                        DataSize.mebibytes(1),
                                        1_024,
                                        DataSize.mebibytes(64),
                                        Duration.ofSeconds(2),
                                        Duration.ofMillis(250),
                                        Duration.ofSeconds(2),
                                        Duration.ofHours(12),
                                        10_000,
                                        DataSize.mebibytes(64),
                                        1_000,
                                        100_000,
                                        DataSize.mebibytes(256),
                                        DataSize.gibibytes(8),
                                        Duration.ofHours(6),
                                        false),
                                new RouterLinkSettings(null, false),
                                new FederationSettings(
                                        Duration.ofSeconds(3),
                                        3,
                                        Duration.ofMillis(200),
                                        Duration.ofHours(1),
                                        Duration.ofSeconds(1),
                                        Duration.ofMinutes(1),
                                        32,
                                        512,
                                        DataSize.mebibytes(32),
                                        List.of(),
                                        false,
                                        false,
                                        null)));
        assertThat(settings.delivery().limits()).isEqualTo(MailboxLimits.DEFAULTS);
        assertThat(
                        settings.delivery()
                                .dispatch(
                                        DispatchSettings.DEFAULTS.limits(),
                                        settings.federation().passOn()))
                .isEqualTo(DispatchSettings.DEFAULTS);
    }

    @Test
    void everyKeyIsRead() {
        RouterSettings settings =
                parse(
                        """
                        router:
                          name: r1
                          listen: "0.0.0.0:9000"
                          advertised: "10.0.0.7:9001"
                          domains: [a.example.org, b.example.org]
                          startTimeout: 5s
                          streams:
                            stateDirectory: /var/lib/relay
                            threads: 2
                            standbys: 0
                            sessionTimeout: 2s
                            commitInterval: 100ms
                            restoreTimeout: 1h
                          delivery:
                            windowMessages: 10
                            windowSize: 64KiB
                            waitingMessages: 11
                            memory: 1MiB
                            storeAfter: 1s
                            watermarkInterval: 100ms
                            settle: 3s
                            longestLife: 1h
                            mailboxMessages: 20
                            mailboxSize: 18MiB
                            twinAddresses: 21
                            twinMessages: 22
                            twinSize: 19MiB
                            partitionSize: 1GiB
                            lagAlarm: 3h
                            unsafeIgnoreWatermark: true
                          links:
                            tls:
                              certificate: tls.crt
                              key: /etc/relay/tls.key
                              trust: ca.crt
                              peerName: rmb
                        """);

        MailboxLimits limits = new MailboxLimits(20, 18 << 20, 21, 22, 19 << 20, 1 << 30);
        assertThat(settings.delivery().limits()).isEqualTo(limits);
        Supplier<MailboxLimits> inForce = () -> limits;
        assertThat(settings.delivery().dispatch(inForce, settings.federation().passOn()))
                .isEqualTo(
                        new DispatchSettings(
                                10, 65_536, 11, 1 << 20, 1_000, 100, 3_000, 3_600_000, inForce,
                                false, true));
        assertThat(settings.streams().threads()).isEqualTo(2);
        assertThat(settings.name()).isEqualTo("r1");
        assertThat(settings.advertised()).isEqualTo(new HostPort("10.0.0.7", 9001));
        assertThat(settings.domains()).containsExactly("a.example.org", "b.example.org");
        assertThat(settings.links())
                .isEqualTo(
                        new RouterLinkSettings(
                                new TlsSettings(
                                        Path.of("tls.crt"),
                                        Path.of("/etc/relay/tls.key"),
                                        Path.of("ca.crt"),
                                        "rmb"),
                                false));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> parse("router: {streams: {commitInterval: 2s}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("commitInterval");
        assertThatThrownBy(() -> parse("router: {delivery: {longestLife: 13h}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("longestLife");
        assertThatThrownBy(() -> parse("router: {delivery: {mailboxMessages: 0}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mailboxMessages");
        assertThatThrownBy(() -> parse("router: {delivery: {twinSize: 16MiB}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("twinSize");
    }

    @Test
    void otherMachinesLinkWithTlsOrWhenItWasSaidThatTheyMayDoWithout() {
        assertThatThrownBy(() -> parse("router: {listen: '192.0.2.1:8082'}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("router.links.tls")
                .hasMessageContaining("router.links.insecure: true");
        assertThatThrownBy(() -> parse("router: {listen: '0.0.0.0:8082', links: {insecure: true}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("advertised is required");
        assertThatThrownBy(() ->
                        parse(
                                "router: {links: {insecure: true, tls: {certificate: a, key: b,"
                                        + " trust: c}}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("remove one");
        assertThat(parse("router: {listen: '192.0.2.1:8082', links: {insecure: true}}").listen())
                .isEqualTo(new HostPort("192.0.2.1", 8082));
    }

    private static RouterSettings parse(String yaml) {
        return ConfigLoader.parse(yaml, Config.class, Map.of()).router();
    }
}
