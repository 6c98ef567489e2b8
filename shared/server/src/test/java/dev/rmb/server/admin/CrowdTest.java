package dev.rmb.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.config.HostPort;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More requests than can be answered at once. */
final class CrowdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Slow slow = new Slow();
    private final List<Socket> crowd = new ArrayList<>();
    private AdminServer server;
    private AdminClient client;

    /** Answers when it is told to. */
    @Path("/api/v1/slow")
    @Needs(Role.VIEWER)
    public static final class Slow {
        private final Semaphore begun = new Semaphore(0);
        private final CountDownLatch answer = new CountDownLatch(1);

        @GET
        public String answer() throws InterruptedException {
            begun.release();
            return answer.await(PATIENCE.toSeconds(), TimeUnit.SECONDS) ? "at last" : "too late";
        }
    }

    @BeforeEach
    void start() {
        server =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
        server.register(slow);
        server.start();
        client = new AdminClient(server.address());
    }

    @AfterEach
    void stop() throws IOException {
        slow.answer.countDown();
        for (Socket one : crowd) {
            one.close();
        }
        client.close();
        server.close();
    }

    private void ask(String path) throws IOException {
        var socket = new Socket(server.address().host(), server.address().port());
        crowd.add(socket);
        socket.getOutputStream()
                .write(
                        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(ISO_8859_1));
    }

    @Test
    void healthIsAnsweredWhileAllOthersWait() throws Exception {
        for (int i = 0; i < 2 * AdminServerFactory.CROWD; i++) {
            ask("/api/v1/slow");
        }
        assertThat(
                        slow.begun.tryAcquire(
                                AdminServerFactory.CROWD, PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        assertThat(client.get("/health/live").status()).isEqualTo(200);
        assertThat(client.get("/health/ready").status()).isEqualTo(200);
        var refused = client.get("/metrics");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.type()).isEqualTo("application/problem+json");
        assertThat(refused.detail()).contains("try again");

        slow.answer.countDown();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.get("/metrics").status()).isEqualTo(200));
    }
}
