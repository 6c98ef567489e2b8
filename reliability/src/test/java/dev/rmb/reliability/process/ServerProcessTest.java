package dev.rmb.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;
    private @Nullable ServerProcess server;

    @AfterEach
    void kill() {
        if (server != null) {
            server.kill();
        }
    }

    @Test
    void aServerTellsWhereItServes() throws Exception {
        ServerProcess started = start(List.of());
        started.awaitReady(PATIENCE);

        assertThat(started.announced("ws")).isEqualTo(URI.create("ws://127.0.0.1:1"));
        assertThat(started.announced("admin")).isEqualTo(URI.create("http://127.0.0.1:2"));
        assertThatThrownBy(() -> started.announced("other")).isInstanceOf(ProcessException.class);
    }

    @Test
    void aServerThatEndsWhileStartingSaysWhy() {
        ServerProcess started = start(List.of("3"));

        assertThatThrownBy(() -> started.awaitReady(PATIENCE))
                .isInstanceOf(ProcessException.class)
                .hasMessageContaining("something is wrong");
        assertThat(started.endedByItself()).isTrue();
    }

    @Test
    void aKilledServerDidNotEndByItself() throws Exception {
        ServerProcess started = start(List.of());
        started.awaitReady(PATIENCE);
        started.kill();
        started.awaitKilled();

        assertThat(started.isAlive()).isFalse();
        assertThat(started.endedByItself()).isFalse();
    }

    @Test
    void aPausedServerIsStoppedUntilItIsResumed() throws Exception {
        ServerProcess started = start(List.of());
        started.awaitReady(PATIENCE);
        started.pause();
        await().atMost(PATIENCE).until(() -> state(started).equals("T"));
        started.resume();
        await().atMost(PATIENCE).until(() -> !state(started).equals("T"));
    }

    @Test
    void aPausedServerCanBeKilled() throws Exception {
        ServerProcess started = start(List.of());
        started.awaitReady(PATIENCE);
        started.pause();
        started.kill();
        started.awaitKilled();

        assertThat(started.isAlive()).isFalse();
    }

    private ServerProcess start(List<String> arguments) {
        var command = new Command(SmallServer.class.getName(), 32, arguments);
        server = ServerProcess.start("server", command, directory.resolve("log"));
        return server;
    }

    private static String state(ServerProcess process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
