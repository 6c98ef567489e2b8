package dev.rmb.peer;

import dev.rmb.peer.resp.EmbeddedRedis;
import dev.rmb.peer.resp.EmbeddedRedisSettings;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** A Redis of a test's own: the embedded one, or Debian's as a process. */
interface TestRedis extends AutoCloseable {
    int port();

    default String address() {
        return "redis://127.0.0.1:" + port();
    }

    @Override
    void close();

    /** Which. */
    enum Kind {
        EMBEDDED,
        SERVER;

        TestRedis start() throws Exception {
            return startAt(0);
        }

        /** On a port of one that is gone; 0 for any. */
        TestRedis startAt(int port) throws Exception {
            return this == EMBEDDED ? embedded(port) : server(port);
        }
    }

    private static TestRedis embedded(int port) throws IOException {
        EmbeddedRedis redis =
                EmbeddedRedis.start(
                        new EmbeddedRedisSettings(
                                "127.0.0.1", port, null, EmbeddedRedisSettings.DEFAULT_BYTES));
        return new TestRedis() {
            @Override
            public int port() {
                return redis.port();
            }

            @Override
            public void close() {
                redis.close();
            }
        };
    }

    private static TestRedis server(int given) throws Exception {
        int port = given;
        if (port == 0) {
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
        }
        Path log = Files.createTempFile("redis", ".log");
        Process process =
                new ProcessBuilder(
                                "redis-server",
                                "--port",
                                Integer.toString(port),
                                "--bind",
                                "127.0.0.1",
                                "--save",
                                "",
                                "--appendonly",
                                "no")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .directory(new File(System.getProperty("java.io.tmpdir")))
                        .start();
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        Assertions.assertThat(Files.readString(log))
                                .contains("Ready to accept connections"));
        Files.delete(log);
        int bound = port;
        return new TestRedis() {
            @Override
            public int port() {
                return bound;
            }

            @Override
            public void close() {
                process.destroy();
                try {
                    if (!process.waitFor(5, TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                    }
                } catch (InterruptedException e) {
                    process.destroyForcibly();
                    Thread.currentThread().interrupt();
                }
            }
        };
    }
}
