package dev.rmb.server.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.server.admin.AdminClient;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.config.HostPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PodsResourceTest {
    private static final String PATH = "/api/v1/pods/gateway-1";

    private final AdminServer server =
            AdminServer.trustingThisMachine(
                    AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
    private AdminClient client;

    private final ThreeSessions pod = new ThreeSessions();

    @BeforeEach
    void start() {
        server.register(new PodsResource("gateway-1", pod));
        server.start();
        client = new AdminClient(server.address());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aPodIsDrainedAndTakesClientsAgain() throws Exception {
        assertThat(client.get(PATH).text())
                .isEqualTo("{\"name\":\"gateway-1\",\"state\":\"serving\",\"sessions\":3}");

        var drained = client.send("POST", PATH + "/drain", "");
        assertThat(drained.status()).isEqualTo(202);
        assertThat(drained.json().path("state").asText()).isEqualTo("draining");

        var back = client.send("POST", PATH + "/undrain", "");
        assertThat(back.status()).isEqualTo(202);
        assertThat(client.get(PATH).json().path("state").asText()).isEqualTo("serving");
    }

    @Test
    void otherPodsAreToBeAskedThemselves() throws Exception {
        var other = client.send("POST", "/api/v1/pods/gateway-2/drain", "");

        assertThat(other.status()).isEqualTo(404);
        assertThat(other.detail()).contains("this is gateway-1");
    }

    @Test
    void whatStopsCannotTakeClientsAgain() throws Exception {
        pod.stopping = true;

        var answer = client.send("POST", "/api/v1/pods/gateway-1/undrain", "");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.detail()).contains("gateway-1 stops");
    }

    private static final class ThreeSessions implements Drainable {
        private volatile boolean draining;
        private volatile boolean stopping;

        @Override
        public void drain() {
            draining = true;
        }

        @Override
        public boolean undrain() {
            if (!stopping) {
                draining = false;
            }
            return !stopping;
        }

        @Override
        public String state() {
            return draining ? "draining" : "serving";
        }

        @Override
        public long sessions() {
            return 3;
        }
    }
}
