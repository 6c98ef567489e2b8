package dev.rmb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.bench.twins.TwinsFile;
import dev.rmb.server.config.HostPort;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.Standalone;
import dev.rmb.standalone.node.StandaloneOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each mode against a whole relay: short, as it is not the speed that is tested. */
@Timeout(120)
class StandaloneTest {
    private static final int TWINS = 60;
    private static final HostPort ANY_PORT = HostPort.parse("127.0.0.1:0");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Node node;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        Path twins = folder.resolve("twins.jsonl");
        TwinsFile.write(twins, DemoTwin.several(DemoTwin.FIRST_ID, TWINS), "localhost");
        node =
                Standalone.start(
                        new StandaloneOptions(
                                folder.resolve("data"),
                                ANY_PORT,
                                ANY_PORT,
                                List.of("localhost"),
                                "file:" + twins,
                                false,
                                Map.of()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String relay() {
        return "ws://127.0.0.1:" + Objects.requireNonNull(node.clients()).port();
    }

    private void bench(String... arguments) {
        var commandLine = Bench.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        assertThat(commandLine.execute(arguments)).as("%s%n%s", out, err).isZero();
    }

    private void run(String mode, String... options) {
        List<String> arguments = new ArrayList<>();
        if (!mode.isEmpty()) {
            arguments.add(mode);
        }
        arguments.addAll(
                List.of(
                        "--no-register",
                        "--relay=" + relay(),
                        "--first-twin=" + DemoTwin.FIRST_ID,
                        "--pid=" + ProcessHandle.current().pid()));
        arguments.addAll(List.of(options));
        bench(arguments.toArray(String[]::new));
    }

    @Test
    void messagesCross() {
        run("", "--warmup=200ms", "--duration=1s");
        assertThat(out.toString()).contains("lost 0, duplicated 0, reordered 0", "µs CPU");
    }

    @Test
    void messagesCrossByTheClock() {
        run("", "--rate=200", "--warmup=200ms", "--duration=1s");
        assertThat(out.toString()).contains("lost 0, duplicated 0, reordered 0", "of it own");
    }

    @Test
    void callsAreAnswered() {
        run("", "--answer", "--senders=3", "--receivers=2", "--warmup=200ms", "--duration=1s");
        assertThat(out.toString()).contains("that answer", "lost 0, duplicated 0, reordered 0");
    }

    @Test
    void mailWaitsForThoseWhoAreAway() throws Exception {
        Path json = folder.resolve("offline.json");
        run(
                "offline",
                "--senders=2",
                "--receivers=5",
                "--messages=1003",
                "--window=100",
                "--settle=0s",
                "--rounds=2",
                "--json=" + json);
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/delivery/sent").asInt()).isEqualTo(1003);
        assertThat(report.at("/delivery/received").asInt()).isEqualTo(1003);
        assertThat(report.at("/delivery/foreign").asInt()).isZero();
        assertThat(report.at("/accepted/messagesPerSecond").asDouble()).isPositive();
        assertThat(report.at("/drained/messagesPerSecond").asDouble()).isPositive();
    }

    @Test
    void sessionsComeBackAfterEachStorm() throws Exception {
        Path json = folder.resolve("storm.json");
        run("storm", "--sessions=50", "--storms=2", "--at-once=20", "--json=" + json);
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/storms").size()).isEqualTo(2);
        assertThat(report.at("/delivery/sent").asInt()).isEqualTo(150);
        assertThat(report.at("/delivery/received").asInt()).isEqualTo(150);
    }

    @Test
    void sessionsAreIdle() {
        run("idle", "--sessions=64", "--per-twin=32", "--warmup=0", "--settle=100ms");
        assertThat(out.toString()).contains("64 open, 0 ended early");
    }

    @Test
    void twoTargetsAreCompared() throws Exception {
        Path json = folder.resolve("compare.json");
        bench(
                "compare",
                relay(),
                "hub",
                "--no-register",
                "--rounds=1",
                "--warmup=200ms",
                "--duration=500ms",
                "--json=" + json);
        assertThat(out.toString()).contains("A / B", "msg/s");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/ratios/0/ratio/median").asDouble()).isPositive();
    }

    @Test
    void latencyIsDrawnOverLoad() throws Exception {
        Path svg = folder.resolve("latency.svg");
        bench(
                "ramp",
                relay(),
                "--no-register",
                "--rates=50,100",
                "--warmup=200ms",
                "--settle=0s",
                "--duration=1s",
                "--svg=" + svg);
        assertThat(Files.readString(svg)).contains("<svg", "polyline");
        assertThat(out.toString()).contains("| 50 |");
    }
}
