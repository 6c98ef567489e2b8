package dev.rmb.server.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.members.Member;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.server.config.HostPort;
import dev.rmb.server.paging.PageRequest;
import dev.rmb.testing.LogLines;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What any pod says for all says also of whom it knows nothing. */
final class PeersTest {
    private static final Caller CALLER = new Caller(null);
    private static final ClusterList LIST = new ClusterList("things", t -> t.path("id").asText());

    private final List<Member> members = new ArrayList<>();
    private final List<AdminServer> servers = new ArrayList<>();
    private long nowNanos;
    private final Peers peers = new Peers("self", () -> members, Optional.empty(), () -> nowNanos);

    /** Of another pod. */
    @Path("/api/v1/things")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    public static final class Things {
        private final int status;

        Things(int status) {
            this.status = status;
        }

        @GET
        public ObjectNode list() {
            if (status != 200) {
                throw ProblemException.of(Response.Status.fromStatusCode(status), "so it is");
            }
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.putArray("things").addObject().put("id", "one");
            return body;
        }
    }

    @BeforeEach
    void start() throws Exception {
        pod("gives", 200);
        pod("has-none", 404);
        pod("refuses", 403);
        try (var closed = new ServerSocket(0)) {
            member("away", "127.0.0.1:" + closed.getLocalPort());
        }
        member("self", "127.0.0.1:1");
    }

    private void pod(String name, int status) {
        AdminServer server =
                AdminServer.trustingThisMachine(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
        server.register(new Things(status));
        server.start();
        servers.add(server);
        member(name, server.address().toString());
    }

    private void member(String name, String admin) {
        members.add(new Member(name, Set.of(Member.Role.ROUTER), 1, "1.0", admin));
    }

    @AfterEach
    void stop() {
        peers.close();
        servers.forEach(AdminServer::close);
    }

    @Test
    void aListSaysWhoIsMissingInItAndWhy() {
        PeerAnswers answers = peers.get(CALLER, "/api/v1/things");

        ObjectNode page = LIST.page(PageRequest.of("100", ""), ClusterList.Part.NONE, answers);

        assertThat(page.path("things")).hasSize(1);
        assertThat(page.path("missing"))
                .extracting(m -> m.path("pod").asText())
                .containsExactlyInAnyOrder("away", "has-none", "refuses");
        assertThat(page.path("missing"))
                .extracting(m -> m.path("reason").asText())
                .contains("it answered 403: so it is");
    }

    @Test
    void whoHasNothingToDoWithAThingIsNotMissing() {
        PeerAnswers answers = peers.get(CALLER, "/api/v1/things").known();

        assertThat(answers.missing())
                .extracting(PeerAnswers.Missing::pod)
                .containsExactlyInAnyOrder("away", "refuses");
        assertThat(answers.refusal("nobody has it").getMessage())
                .startsWith("nobody has it; no answer came from ")
                .contains("away", "refuses");
    }

    @Test
    void whoIsMissingIsLoggedInOneLineNowAndThen() {
        try (LogLines lines = LogLines.of(Peers.class.getName())) {
            for (int i = 0; i < 10; i++) {
                peers.get(CALLER, "/api/v1/things?limit=7");
                nowNanos += Peers.SILENCE.toNanos() / 10;
            }
            assertThat(lines.all()).hasSize(1);
            assertThat(lines.all().getFirst())
                    .contains("GET /api/v1/things is without away (")
                    .contains("refuses (it answered 403: so it is)")
                    .doesNotContain("has-none")
                    .doesNotContain("limit");

            peers.get(CALLER, "/api/v1/things");
            assertThat(lines.all()).hasSize(2);
        }
    }

    @Test
    void whereAllAnswerNothingIsLogged() {
        members.removeIf(member -> !member.pod().equals("gives"));
        try (LogLines lines = LogLines.of(Peers.class.getName())) {
            assertThat(peers.get(CALLER, "/api/v1/things").missing()).isEmpty();
            assertThat(lines.all()).isEmpty();
        }
    }
}
