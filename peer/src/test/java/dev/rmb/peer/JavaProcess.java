package dev.rmb.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A program of this project as a process of its own, which says in its first line that it is ready.
 */
final class JavaProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private JavaProcess(
            Path log, String main, Map<String, String> environment, List<String> arguments)
            throws IOException {
        this.log = log;
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx400m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        this.process = builder.start();
        Thread.ofVirtual().name("stdout-of-" + process.pid()).start(this::readOutput);
    }

    private void readOutput() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                ready.complete(line);
                line = lines.readLine();
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    static JavaProcess relay(Path log, Path data) throws IOException {
        return ready(
                new JavaProcess(
                        log,
                        "dev.rmb.standalone.command.RelayCommand",
                        Map.of(),
                        List.of(
                                "up",
                                "--data",
                                data.toString(),
                                "--listen",
                                "127.0.0.1:0",
                                "--admin",
                                "127.0.0.1:0")));
    }

    /**
     * A relay that others know by the port it listens on.
     *
     * @param twins source of its twins
     */
    static JavaProcess federating(Path log, Path data, int port, String twins) throws IOException {
        String address = "127.0.0.1:" + port;
        return ready(
                new JavaProcess(
                        log,
                        "dev.rmb.standalone.command.RelayCommand",
                        Map.of(
                                "RMB_ROUTER_FEDERATION_PLAIN_HTTP", "[\"*\"]",
                                "RMB_ROUTER_FEDERATION_ALLOW_PRIVATE", "true",
                                "RMB_ROUTER_FEDERATION_TIMEOUT", "1s",
                                "RMB_ROUTER_FEDERATION_RETRY_AT_MOST", "2s"),
                        List.of(
                                "up",
                                "--data",
                                data.toString(),
                                "--listen",
                                address,
                                "--admin",
                                "127.0.0.1:0",
                                "--domain",
                                address,
                                "--twins",
                                twins)));
    }

    static JavaProcess peer(Path log, Map<String, String> environment, String... arguments)
            throws IOException {
        return ready(unready(log, environment, arguments));
    }

    /** One that is expected to fail. */
    static JavaProcess unready(Path log, Map<String, String> environment, String... arguments)
            throws IOException {
        return new JavaProcess(
                log, "dev.rmb.peer.command.PeerCommand", environment, List.of(arguments));
    }

    private static JavaProcess ready(JavaProcess made) {
        Awaitility.await()
                .atMost(START)
                .until(() -> made.ready.isDone() || !made.process.isAlive());
        if (!made.ready.isDone()) {
            made.close();
            throw new AssertionError("it ended at once:\n" + made.log());
        }
        return made;
    }

    /** What stands behind a name in the ready line. */
    String announced(String name) {
        Matcher value = Pattern.compile("\\b" + name + "=(\\S+)").matcher(ready.join());
        if (!value.find()) {
            throw new AssertionError("not announced: " + ready.join());
        }
        return value.group(1);
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    /** Its exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end:\n" + log());
        }
        return process.exitValue();
    }

    int terminate() throws InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    /** As a power cut does, but for what the system already has of its files. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        int _ = awaitEnd();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
