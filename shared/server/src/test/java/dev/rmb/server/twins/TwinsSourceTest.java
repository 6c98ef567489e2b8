package dev.rmb.server.twins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.server.admin.AdminClient;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.config.HostPort;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.RelayDomains;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TwinsSourceTest {
    private static final KafkaSettings NO_KAFKA =
            new KafkaSettings("127.0.0.1:1", "", 1, 1, Map.of());

    @TempDir Path directory;

    record WithTwins(TwinsSource twins) {}

    @Test
    void theRegistryIsTheDefault() {
        assertThat(parse("")).isEqualTo(new RegistryTwinsSource());
        assertThat(parse("twins: {}")).isEqualTo(new RegistryTwinsSource());
        assertThat(parse("twins: registry")).isEqualTo(new RegistryTwinsSource());
        assertThat(parse("twins: {type: registry}")).isEqualTo(new RegistryTwinsSource());
    }

    @Test
    void aFileHasAPath() {
        assertThat(parse("twins: {type: file, path: twins.jsonl}"))
                .isEqualTo(new FileTwinsSource(Path.of("twins.jsonl")));
        assertThatThrownBy(() -> parse("twins: file"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("twins.path: is required");
        assertThatThrownBy(() -> parse("twins: {type: fiel, path: x}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("did you mean file?");
    }

    @Test
    void aChainHasTheUrlsOfItsNodes() {
        var source =
                (TfchainTwinsSource)
                        parse(
                                "twins: {type: tfchain, urls: ['wss://a', 'ws://b:9944'], cacheSize: 7}");
        assertThat(source.urls()).containsExactly("wss://a", "ws://b:9944");
        assertThat(source.cacheSize()).isEqualTo(7);
        assertThat(source.unknownFor()).hasSeconds(10);
        assertThatThrownBy(() -> parse("twins: tfchain"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("twins: a chain needs the URL of a node");
        assertThatThrownBy(() -> parse("twins: {type: tfchain, urls: ['http://a']}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http://a is no URL of a node");
        assertThatThrownBy(() -> parse("twins: {type: tfchain, urls: []}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs the URL of a node");
    }

    @Test
    void aChainThatCannotBeReachedIsNoReasonNotToStart() throws Exception {
        var metrics = new MetricRegistry();
        var source =
                (TfchainTwinsSource) parse("twins: {type: tfchain, urls: ['ws://127.0.0.1:1']}");
        try (var twins = source.open(NO_KAFKA, metrics)) {
            assertThat(twins.registry()).isEmpty();
            assertThat(twins.directory().byId(7).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("no node of the chain can be used");
            var failed = metrics.getGauges().get("rmb_twins_failed_look_ups_total");
            assertThat(Objects.requireNonNull(failed).getValue()).isEqualTo(1L);
        }
    }

    /** A kind that somebody else's jar brings. */
    @JsonTypeName("elsewhere")
    public record ElsewhereTwinsSource(String url) implements TwinsSource {
        @Override
        public OpenTwins open(KafkaSettings kafka, MetricRegistry metrics) {
            return new OpenTwins(new InMemoryTwins(), Optional.empty());
        }
    }

    @Test
    void aJarOnTheClassPathAddsAKind() {
        assertThat(parse("twins: {type: elsewhere, url: 'wss://chain'}"))
                .isEqualTo(new ElsewhereTwinsSource("wss://chain"));
    }

    @Test
    void twinsFromAFileAreShownAndNotChanged() throws Exception {
        String account = "0x" + "ab".repeat(32);
        Path file =
                Files.writeString(
                        directory.resolve("twins"), "{\"id\":7,\"account\":\"" + account + "\"}");
        try (var twins = new FileTwinsSource(file).open(NO_KAFKA, new MetricRegistry());
                var server =
                        AdminServer.trustingThisMachine(
                                AdminConfig.on(HostPort.parse("127.0.0.1:0")),
                                new MetricRegistry())) {
            server.register(new TwinsResource(twins, RelayDomains.of(List.of())));
            server.start();
            try (var client = new AdminClient(server.address())) {
                assertThat(client.get("/api/v1/twins").json().path("twins")).hasSize(1);
                assertThat(client.get("/api/v1/twins/7").json().path("account").asText())
                        .isEqualTo(account);
                assertThat(client.get("/api/v1/twins/8").status()).isEqualTo(404);
                var refused = client.send("DELETE", "/api/v1/twins/7", "");
                assertThat(refused.status()).isEqualTo(405);
                assertThat(refused.detail()).contains("at their source");
                assertThat(refused.allow()).containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS");
            }
        }
    }

    private static TwinsSource parse(String yaml) {
        return ConfigLoader.parse(yaml, WithTwins.class, Map.of()).twins();
    }
}
