package dev.rmb.reliability.cluster;

import dev.rmb.reliability.process.Command;
import dev.rmb.reliability.process.ServerProcess;
import dev.rmb.reliability.process.Workplace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A pod of the cluster: a name and a directory that outlive its processes. Not thread-safe, except
 * for what says so.
 */
public final class Node {
    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration STOP = Duration.ofSeconds(40);

    private final String name;
    private final Command command;
    private final Path log;
    private final Path state;
    private volatile ServerProcess process;

    private Node(String name, Command command, Path log, Path state, ServerProcess process) {
        this.name = name;
        this.command = command;
        this.log = log;
        this.state = state;
        this.process = process;
    }

    /**
     * Starts one, without waiting for it.
     *
     * @param state its directory, which it makes
     */
    static Node start(String name, Command command, Path log, Path state) {
        return new Node(name, command, log, state, ServerProcess.start(name, command, log));
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** The present process. Thread-safe. */
    public ServerProcess process() {
        return process;
    }

    /** What all its processes logged. */
    public Path log() {
        return log;
    }

    /** Whether one of its processes has logged this. */
    public boolean logHas(String text) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.anyMatch(line -> line.contains(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it keeps what it keeps. */
    public Path state() {
        return state;
    }

    /** Starts it again, without waiting for it. */
    public void start() {
        process = ServerProcess.start(name, command, log);
    }

    /** Waits until it serves. */
    public void awaitReady() throws InterruptedException {
        process.awaitReady(START);
    }

    /** SIGKILL; see {@link #awaitKilled}. */
    public void kill() {
        process.kill();
    }

    /** Waits for the end of a killed process. */
    public void awaitKilled() throws InterruptedException {
        process.awaitKilled();
    }

    /** Loses its directory; for a node that does not run. */
    public void loseState() {
        Workplace.delete(state);
    }

    /** SIGTERM, and waits for it to end in order. */
    public int stop() throws InterruptedException {
        process.terminate();
        return process.awaitEnd(STOP);
    }

    /** Where clients connect, of a gateway that is ready. Thread-safe. */
    public URI clients() {
        return process.announced("ws");
    }

    /** The admin port of one that is ready. Thread-safe. */
    public URI admin() {
        return process.announced("admin");
    }
}
