package dev.rmb.reliability.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
public final class ServerProcess {
    private static final Duration SIGNAL = Duration.ofSeconds(5);
    private static final int LINES_SHOWN = 30;
    private static final Set<ServerProcess> running = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> running.forEach(process -> process.process.destroyForcibly()),
                                "end-of-processes"));
    }

    private final String name;
    private final Path log;
    private final Process process;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private volatile boolean isToEnd;

    private ServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a process and does not wait for it to serve.
     *
     * @param log what it says, appended to what is there
     */
    public static ServerProcess start(String name, Command command, Path log) {
        try {
            var builder = new ProcessBuilder(command.line());
            // A relay takes settings from there.
            builder.environment().keySet().removeIf(key -> key.startsWith("RMB_"));
            builder.environment().putAll(command.environment());
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            var server = new ServerProcess(name, log, process);
            running.add(server);
            var _ =
                    process.onExit()
                            .whenComplete((ended, failure) -> {
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
            throw new ProcessException("cannot start " + name + ": " + e.getMessage(), e);
        }
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

    /** The name it was given. */
    public String name() {
        return name;
    }

    /** Its id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has said that it serves. */
    public boolean isReady() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    /** Whether the process is there. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it ended without having been asked to. */
    public boolean endedByItself() {
        return !process.isAlive() && !isToEnd;
    }

    /**
     * Waits until it serves.
     *
     * @throws ProcessException if it does not, or ends; with the last lines that it logged
     */
    public void awaitReady(Duration patience) throws InterruptedException {
        try {
            ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ProcessException(name + " ended while starting:\n" + lastLines(), e);
        } catch (TimeoutException e) {
            throw new ProcessException(
                    name + " is not ready after " + patience.toSeconds() + " s:\n" + lastLines(),
                    e);
        }
    }

    /** An address that it has announced, for example as {@code admin=http://127.0.0.1:1234}. */
    public URI announced(String what) {
        Matcher found = Pattern.compile("\\b" + what + "=(\\S+)").matcher(ready.join());
        if (!found.find()) {
            throw new ProcessException(name + " announced no " + what + ": " + ready.join());
        }
        return URI.create(found.group(1));
    }

    /** SIGKILL; see {@link #awaitKilled}. */
    public void kill() {
        isToEnd = true;
        process.destroyForcibly();
    }

    /** Waits until the system has taken everything away from a killed process. */
    public void awaitKilled() throws InterruptedException {
        if (!process.waitFor(SIGNAL.toSeconds(), TimeUnit.SECONDS)) {
            throw new ProcessException(name + " survives SIGKILL");
        }
    }

    /** SIGTERM; see {@link #awaitEnd}. */
    public void terminate() {
        isToEnd = true;
        process.destroy();
    }

    /** SIGSTOP. */
    public void pause() throws InterruptedException {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void resume() throws InterruptedException {
        signal("-CONT");
    }

    /**
     * Waits for the end that was asked for.
     *
     * @return its exit code
     */
    public int awaitEnd(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ProcessException(
                    name + " does not stop within " + patience.toSeconds() + " s");
        }
        return process.exitValue();
    }

    private void signal(String signal) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(pid())).start();
            if (!kill.waitFor(SIGNAL.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new ProcessException("cannot send " + signal + " to " + name);
            }
        } catch (IOException e) {
            throw new ProcessException("cannot run kill: " + e.getMessage(), e);
        }
    }

    /** The end of its log. */
    public String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }
}
