package dev.rmb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.bench.hub.Hub;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(60)
class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int bench(String... arguments) {
        CommandLine commandLine = Bench.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    void aRunPrintsAndWritesItsReport(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("report.json");
        try (Hub hub = Hub.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            int exit =
                    bench(
                            "--no-register",
                            "--relay",
                            "ws://127.0.0.1:" + hub.address().getPort(),
                            "--warmup",
                            "100ms",
                            "--duration",
                            "2s",
                            "--json",
                            json.toString());
            assertThat(exit).as("standard error: %s", err).isZero();
        }
        assertThat(out.toString()).contains("throughput", "lost 0, duplicated 0, reordered 0");
        assertThat(err.toString()).contains("measuring");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/settings/senders").asInt()).isEqualTo(4);
        assertThat(report.at("/latency/p99").asDouble()).isPositive();
        assertThat(report.at("/delivery/lost").asLong(-1)).isZero();
        assertThat(report.at("/broken").isNull()).isTrue();
    }

    @Test
    void idleSessionsAreOpenedAndCounted() throws Exception {
        try (Hub hub = Hub.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            int exit =
                    bench(
                            "idle",
                            "--no-register",
                            "--relay",
                            "ws://127.0.0.1:" + hub.address().getPort(),
                            "--sessions=150",
                            "--per-twin=100",
                            "--source=127.0.0.1",
                            "--warmup=64",
                            "--settle=100ms",
                            "--pid=" + ProcessHandle.current().pid());
            assertThat(exit).as("standard error: %s", err).isZero();
        }
        assertThat(out.toString()).contains("150 open, 0 ended early", "each        heap");
    }

    @Test
    void aPairIsMeasuredWithoutAndWithAttacks() throws Exception {
        try (Hub hub = Hub.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            int exit =
                    bench(
                            "hostile",
                            "--no-register",
                            "--relay",
                            "ws://127.0.0.1:" + hub.address().getPort(),
                            "--rounds=1",
                            "--warmup=100ms",
                            "--duration=1s",
                            "--intensity=0.2",
                            // The hub defends itself against nothing.
                            "--attack=names,halves,handshakes",
                            "--at-most=1000");
            assertThat(exit).as("standard error: %s", err).isZero();
        }
        assertThat(out.toString()).contains("round 1  without", "p99, median of 1:");
    }

    @Test
    void withoutARelayItSaysSo() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThat(bench("--admin", "http://127.0.0.1:" + port)).isEqualTo(3);
        assertThat(err.toString()).contains("is the relay running?");
        assertThat(bench("--no-register", "--relay", "ws://127.0.0.1:" + port)).isEqualTo(3);
        assertThat(err.toString()).contains("cannot connect");
    }

    @Test
    void twinsCanBeWrittenForARelayThatReadsThemFromAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("twins.jsonl");
        assertThat(bench("--twins", file.toString(), "--senders", "2", "--receivers", "3"))
                .isZero();
        assertThat(Files.readAllLines(file)).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--senders=0",
                "--receivers=-1",
                "--window=0",
                "--rate=0",
                "--payload=31",
                "--duration=0s",
                "--duration=soon",
                "--relay=http://host",
                "--loops=0",
                "--target=down",
                "--unknown"
            })
    void optionsThatCannotBeUsedAreRefused(String option) {
        assertThat(bench(option)).isEqualTo(2);
        assertThat(err.toString()).contains("Usage:");
    }

    @Test
    void theTablesRowsCanBeSeenBeforeTheyAreMeasured() {
        assertThat(bench("table", "--list")).isZero();
        assertThat(out.toString()).contains("closed-32", "msg/s ≥ 200,000", "idle", "twice");
        assertThat(bench("table", "no-such-row")).isEqualTo(2);
        assertThat(err.toString()).contains("no such row");
        assertThat(bench("table", "--target=ws://127.0.0.1:1")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "offline --messages=0",
                "storm --sessions=0",
                "start --target=ws://127.0.0.1:1",
                "kafka --records=0",
                "compare up",
                "compare up down",
                "ramp up --rates=0",
                "table --rounds=0"
            })
    void optionsOfAModeThatCannotBeUsedAreRefused(String line) {
        assertThat(bench(line.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString()).contains("Usage:");
    }

    @Test
    void microbenchmarksTellHowTheyAreRun() {
        assertThat(bench("micro", "--help")).isZero();
        assertThat(out.toString()).contains("--quick", "JMH");
        assertThat(bench("micro", "--no-such-option")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "20s, 20000", "2m, 120000", "3, 3000"})
    void timesAreReadAsPeopleTypeThem(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }
}
