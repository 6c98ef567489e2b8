package dev.rmb.bench.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.bench.process.PauseLog;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TargetTest {
    @Test
    void targetsAreReadAsPeopleWriteThem() {
        assertThat(Target.parse("ws://10.0.0.1:8080"))
                .isEqualTo(new Target.Running(URI.create("ws://10.0.0.1:8080"), List.of()));
        assertThat(Target.parse("ws://127.0.0.1:8080#12,34"))
                .isEqualTo(
                        new Target.Running(URI.create("ws://127.0.0.1:8080"), List.of(12L, 34L)));
        assertThat(Target.parse("hub")).isEqualTo(new Target.Hub());
        assertThat(Target.parse("up")).isEqualTo(Target.up());
        assertThat(Target.parse("RMB_GATEWAY_LOOPS=2 RMB_JAVA_OPTS='-Xmx1g -Xms1g' up --fsync"))
                .isEqualTo(
                        new Target.Up(
                                null,
                                Map.of("RMB_GATEWAY_LOOPS", "2", "RMB_JAVA_OPTS", "-Xmx1g -Xms1g"),
                                List.of("--fsync")));
        assertThat(Target.parse("/opt/before/relay up"))
                .isEqualTo(new Target.Up("/opt/before/relay", Map.of(), List.of()));
        assertThat(Target.parse("cluster")).isEqualTo(Target.cluster(new ClusterShape(1, 1, 4)));
        assertThat(Target.parse("./relay cluster:2x3x8"))
                .isEqualTo(new Target.Cluster("./relay", Map.of(), new ClusterShape(2, 3, 8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "down",
                "ws://127.0.0.1:8080#soon",
                "hub 8090",
                "cluster:2x2",
                "cluster:0x1x4",
                "RMB_X=1",
                "/opt/relay"
            })
    void whatIsNoTargetIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Target.parse(text));
    }

    @Test
    void aServerIsStartedAndStoppedWithItsPausesOnRecord() throws Exception {
        ProcessHandle process;
        try (Servers servers = new Target.Hub().start(List.of())) {
            long pid = servers.pids().getFirst().pid();
            process = ProcessHandle.of(pid).orElseThrow();
            assertThat(servers.relays()).hasSize(1);
            try (PauseLog pauses = PauseLog.of(pid).orElseThrow()) {
                Process collection =
                        new ProcessBuilder(
                                        System.getProperty("java.home") + "/bin/jcmd",
                                        Long.toString(pid),
                                        "GC.run")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
                assertThat(collection.waitFor()).isZero();
                assertThat(pauses.next().count()).isPositive();
                assertThat(pauses.next().count()).as("those since then").isZero();
            }
        }
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aServerThatDoesNotStartTellsWhy(@TempDir Path folder) {
        try (ServerProcess server =
                ServerProcess.start(
                        "relay",
                        List.of("sh", "-c", "echo no such port >&2; exit 1"),
                        Map.of(),
                        folder.resolve("log"))) {
            assertThatThrownBy(() -> server.awaitReady(Duration.ofSeconds(30)))
                    .isInstanceOf(TargetException.class)
                    .hasMessageContaining("relay ended while starting")
                    .hasMessageContaining("no such port");
        }
    }

    @Test
    void withoutALauncherThereIsNoRelayToStart() {
        assertThatThrownBy(() -> Target.up().start(List.of()))
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("./relay bench");
    }
}
