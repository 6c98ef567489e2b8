package dev.rmb.server.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.members.Member;
import dev.rmb.server.admin.AdminClient;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.config.HostPort;
import dev.rmb.server.peers.Peers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PodsResourceTest {
    private static final String PATH = "/api/v1/pods/gateway-1";

    private final AdminServer server =
            AdminServer.trustingThisMachine(
                    AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
    private final Peers peers = new Peers("gateway-1", List::of, Optional.empty());
    private AdminClient client;

    private final ThreeSessions pod = new ThreeSessions();

    @BeforeEach
    void start() {
        PodSelf self =
                new PodSelf(
                        "gateway-1",
                        Set.of(Member.Role.GATEWAY),
                        "1.0",
                        Optional.of(pod),
                        Optional.empty());
        server.register(new PodsResource(self, peers));
        server.start();
        client = new AdminClient(server.address());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        peers.close();
    }

    @Test
    void aPodIsDrainedAndTakesClientsAgain() throws Exception {
        var here = client.get(PATH).json();
        assertThat(here.path("name").asText()).isEqualTo("gateway-1");
        assertThat(here.path("version").asText()).isEqualTo("1.0");
        assertThat(here.path("roles")).hasToString("[\"gateway\"]");
        assertThat(here.path("state").asText()).isEqualTo("serving");
        assertThat(here.path("sessions").asInt()).isEqualTo(3);
        assertThat(here.path("heapUsedBytes").asLong()).isPositive();

        var drained = client.send("POST", PATH + "/drain", "");
        assertThat(drained.status()).isEqualTo(202);
        assertThat(drained.json().path("state").asText()).isEqualTo("draining");

        var back = client.send("POST", PATH + "/undrain", "");
        assertThat(back.status()).isEqualTo(202);
        assertThat(client.get(PATH).json().path("state").asText()).isEqualTo("serving");
    }

    @Test
    void whatIsNoPlaceAmongPodsIsRefused() throws Exception {
        var refused = client.get("/api/v1/pods?cursor=garbage");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.detail()).contains("leave it out to begin anew");
    }

    @Test
    void aPodThatIsNotAliveCannotBeDrained() throws Exception {
        var other = client.send("POST", "/api/v1/pods/gateway-2/drain", "");

        assertThat(other.status()).isEqualTo(404);
        assertThat(other.detail()).contains("no pod of this name");
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
