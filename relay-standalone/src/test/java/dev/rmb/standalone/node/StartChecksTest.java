package dev.rmb.standalone.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.gateway.GatewaySettings;
import dev.rmb.server.config.ConfigLoader;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StartChecksTest {
    private static final long MEBI = 1 << 20;

    private static GatewaySettings settings(String yaml) {
        return ConfigLoader.parse(yaml, GatewaySettings.class, Map.of());
    }

    @Test
    void theDefaultsFitWhatIsUsual() {
        assertThat(StartChecks.doubts(settings(""), 4_096, 512 * MEBI)).isEmpty();
    }

    @Test
    void tooFewFilesForTheConnectionsAllowedAreDoubted() {
        assertThat(StartChecks.doubts(settings("connections: {max: 10000}"), 4_096, 512 * MEBI))
                .singleElement()
                .asString()
                .contains("4096 files", "10000 connections", "ulimit -n");
        assertThat(StartChecks.doubts(settings(""), 1_024, 512 * MEBI)).hasSize(1);
    }

    @Test
    void moreThanTheHeapHoldsIsDoubted() {
        assertThat(
                        StartChecks.doubts(
                                settings("sessions: {queuedInAll: 512MiB}"), 4_096, 512 * MEBI))
                .singleElement()
                .asString()
                .contains("672 MiB of a heap of 512 MiB", "-Xmx");
    }
}
