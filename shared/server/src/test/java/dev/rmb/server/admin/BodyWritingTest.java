package dev.rmb.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.config.HostPort;
import dev.rmb.testing.LogLines;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that do not come to their end. */
final class BodyWritingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PATH = "/api/v1/long";

    private final Endless resource = new Endless();
    private AdminServer server;

    /** Writes without end, or until something happens. */
    @Path(PATH)
    @Needs(Role.VIEWER)
    public static final class Endless {
        private static final int PIECE = 1 << 16;
        private final Semaphore written = new Semaphore(0);
        private final Semaphore ended = new Semaphore(0);

        @GET
        @Path("{end}")
        public StreamingOutput write(@PathParam("end") String end) {
            return out -> {
                try {
                    do {
                        if (!end.equals("at-once")) {
                            out.write(new byte[PIECE]);
                            out.flush();
                            written.release();
                        }
                        switch (end) {
                            case "moved" -> throw new BrokenOffException("it moved");
                            case "failed" -> throw new IllegalStateException("our own fault");
                            case "at-once" ->
                                    throw ProblemException.badRequest("before a byte was sent");
                            default -> {}
                        }
                    } while (end.equals("never"));
                } finally {
                    ended.release();
                }
            };
        }
    }

    @BeforeEach
    void start() {
        server =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
        server.register(resource);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket ask(String end) throws IOException {
        var socket = new Socket(server.address().host(), server.address().port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream()
                .write(
                        ("GET " + PATH + "/" + end + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(ISO_8859_1));
        return socket;
    }

    private String answer(String end) throws IOException {
        try (Socket socket = ask(end)) {
            var all = new StringBuilder();
            byte[] buffer = new byte[1 << 14];
            int length;
            while (!all.toString().endsWith("0\r\n\r\n")
                    && (length = socket.getInputStream().read(buffer)) >= 0) {
                all.append(new String(buffer, 0, length, ISO_8859_1));
            }
            return all.toString();
        }
    }

    @Test
    void aClientThatGoesAwayIsOneLineForWhoLooksForIt() throws Exception {
        try (LogLines lines = LogLines.of(org.slf4j.Logger.ROOT_LOGGER_NAME)) {
            try (Socket socket = ask("never")) {
                assertThat(socket.getInputStream().read()).isPositive();
                resource.written.acquire();
            }

            assertThat(resource.ended.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(lines.all())
                                    .filteredOn(l -> l.contains("was not read to its end"))
                                    .hasSize(1));
            // What comes after it on the same thread has been said, too.
            server.close();
            assertThat(lines.lines()).isEmpty();
        }
    }

    @Test
    void aBodyWithoutItsEndHasNoOrderlyEnd() throws Exception {
        assertThat(answer("whole")).startsWith("HTTP/1.1 200").endsWith("0\r\n\r\n");
        try (LogLines lines = LogLines.of("dev.rmb")) {
            assertThat(answer("moved")).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
            assertThat(lines.lines()).isEmpty();
            assertThat(lines.all()).anyMatch(l -> l.endsWith("was broken off: it moved"));

            assertThat(answer("failed")).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
            assertThat(lines.lines()).hasSize(1).allMatch(l -> l.contains("was broken off"));
        }
    }

    @Test
    void whatFailsBeforeItBeginsIsAProblem() throws Exception {
        try (var client = new AdminClient(server.address())) {
            var refused = client.get(PATH + "/at-once");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.detail()).isEqualTo("before a byte was sent");
        }
    }
}
