package dev.rmb.bench.targets;

import dev.rmb.bench.process.ServerPid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, which says {@code ready …} when it serves. It does not outlive
 * this program, unless this program is killed itself.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration KILLED = Duration.ofSeconds(10);
    private static final int LINES_SHOWN = 20;

    /** What starts this program with the name of one of its commands, in little memory. */
    private static final String BENCH = "dev.rmb.bench.Bench";

    private static final Set<ServerProcess> running = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> running.forEach(server -> server.process.destroyForcibly()),
                                "end-of-servers"));
    }

    private final String name;
    private final Path log;
    private final Process process;
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private ServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a process and does not wait for it to serve.
     *
     * @param command program and arguments
     * @param environment beside what is inherited, of which the relay's settings are not
     * @param log what it says on standard error
     */
    public static ServerProcess start(
            String name, List<String> command, Map<String, String> environment, Path log) {
        try {
            var builder = new ProcessBuilder(command);
            builder.environment().keySet().removeIf(key -> key.startsWith("RMB_"));
            builder.environment().put("RMB_JAVA_HOME", System.getProperty("java.home"));
            builder.environment().putAll(environment);
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            var server = new ServerProcess(name, log, process);
            running.add(server);
            var _ =
                    process.onExit()
                            .thenRun(() -> {
                                running.remove(server);
                                server.ready.completeExceptionally(new IOException("it ended"));
                            });
            // A read from a pipe holds on to the carrier of a virtual thread.
            var _ =
                    Thread.ofPlatform()
                            .daemon()
                            .name("output-of-" + name)
                            .start(server::readOutput);
            return server;
        } catch (IOException e) {
            throw new TargetException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    /** The command line that runs one of this program's own commands. */
    static List<String> own(int heapMebibytes, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:+UseSerialGC");
        line.add("-Xmx" + heapMebibytes + "m");
        line.add("--enable-native-access=ALL-UNNAMED");
        line.add("--sun-misc-unsafe-memory-access=allow");
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(BENCH);
        line.addAll(List.of(arguments));
        return line;
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
            // The process is gone, which its owner notices in other ways.
        }
    }

    /** Its id, under its name. */
    public ServerPid pid() {
        return new ServerPid(name, process.pid());
    }

    /**
     * Waits until it serves.
     *
     * @throws TargetException if it does not, or ends; with the last lines that it logged
     */
    public void awaitReady(Duration patience) throws InterruptedException {
        try {
            ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new TargetException(name + " ended while starting:\n" + lastLines(), e);
        } catch (TimeoutException e) {
            throw new TargetException(
                    name + " is not ready after " + patience.toSeconds() + " s:\n" + lastLines(),
                    e);
        }
    }

    /** What it has announced, for example as {@code ws=ws://127.0.0.1:1234}; it is ready. */
    public String announced(String what) {
        Matcher found = Pattern.compile("\\b" + what + "=(\\S+)").matcher(ready.join());
        if (!found.find()) {
            throw new TargetException(name + " announced no " + what + ": " + ready.join());
        }
        return found.group(1);
    }

    /** Where sessions connect. */
    URI relay() {
        return URI.create(announced("ws"));
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    /** Kills it: what it holds is only measured, and goes away with its directory. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(KILLED.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TargetException(name + " survives SIGKILL");
            }
        } catch (InterruptedException e) {
            // It ends with this program at the latest.
            Thread.currentThread().interrupt();
        }
    }
}
