package dev.rmb.standalone;

import static org.awaitility.Awaitility.await;

import dev.rmb.server.access.AccessToken;
import dev.rmb.server.access.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./relay …} as a process of its own. */
final class RelayProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Pattern READY =
            Pattern.compile("ready(?: ws=(\\S+))?(?: admin=(\\S+))?.*");

    /** Of the role admin, known to all but those that ask for none. */
    private static final AccessToken TOKEN = AccessToken.random(new SecureRandom());

    private final Process process;
    private final Path log;
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private RelayProcess(Path log, Map<String, String> environment, List<String> arguments)
            throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>(java());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        if (!arguments.getFirst().equals("up")) {
            builder.environment().put("RMB_ADMIN_TOKENS", tokens());
        }
        builder.environment().putAll(environment);
        this.process = builder.start();
        Thread.ofVirtual().name("stdout-of-" + process.pid()).start(this::readOutput);
    }

    /** Starts a process and waits until it says that it is ready. */
    static RelayProcess start(Path log, String... arguments) throws IOException {
        return start(log, Map.of(), arguments);
    }

    /** Likewise, with more in its environment. */
    static RelayProcess start(Path log, Map<String, String> environment, String... arguments)
            throws IOException {
        RelayProcess relay = new RelayProcess(log, environment, List.of(arguments));
        try {
            await().atMost(START).until(() -> relay.ready.isDone() || !relay.process.isAlive());
            if (!relay.ready.isDone()) {
                throw new AssertionError("it ended at once:\n" + relay.log());
            }
        } catch (RuntimeException | AssertionError e) {
            relay.close();
            throw new AssertionError("no ready line:\n" + relay.log(), e);
        }
        return relay;
    }

    /** Starts a whole relay on free ports, with its data in that directory. */
    static RelayProcess up(Path directory, String twins) throws IOException {
        return start(
                directory.resolve("relay.log"),
                "up",
                "--data",
                directory.resolve("data").toString(),
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--twins",
                twins);
    }

    /** Starts a process that is to end by itself with an error, in time; returns its log. */
    static String failing(Path log, Duration patience, String... arguments)
            throws IOException, InterruptedException {
        try (RelayProcess relay = new RelayProcess(log, Map.of(), List.of(arguments))) {
            if (!relay.process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end:\n" + relay.log());
            }
            if (relay.process.exitValue() != 1) {
                throw new AssertionError("exit code " + relay.process.exitValue());
            }
            return relay.log();
        }
    }

    /** How {@code ./relay} runs Java, but with what the tests were compiled against. */
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.rmb.standalone.command.RelayCommand");
    }

    /** The setting {@code admin.tokens} that all processes have that ask for one. */
    static String tokens() {
        return "[{name: test, role: admin, hash: '%s'}]"
                .formatted(TOKEN.known("test", Role.ADMIN).hash());
    }

    /** What its admin port is to be shown: the value of {@code Authorization}. */
    static String authorization() {
        return "Bearer " + TOKEN.secret();
    }

    URI ws() {
        return URI.create(announced(1));
    }

    URI admin() {
        return URI.create(announced(2));
    }

    /** Asks it to stop and waits for that; returns its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not stop:\n" + log());
        }
        return process.exitValue();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String announced(int group) {
        Matcher line = READY.matcher(ready.join());
        if (!line.matches() || line.group(group) == null) {
            throw new AssertionError("not announced: " + ready.join());
        }
        return line.group(group);
    }

    private void readOutput() {
        try (var reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                if (line.startsWith("ready")) {
                    ready.complete(line);
                }
            }
        } catch (IOException e) {
            // The process is gone, which its user notices in other ways.
        }
    }
}
