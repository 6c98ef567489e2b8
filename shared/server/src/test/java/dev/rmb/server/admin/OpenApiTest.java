package dev.rmb.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.config.HostPort;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class OpenApiTest {
    private static AdminServer server;
    private static AdminClient client;

    /** As most resources are. */
    @Path("/api/v1/things")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    public static final class ThingsResource {
        @GET
        public @Nullable ObjectNode list(
                @QueryParam("limit") @DefaultValue("100") String limit,
                @QueryParam("cursor") String cursor,
                @QueryParam("colour") String colour) {
            return null;
        }

        @POST
        @Path("{id: .+}/paint")
        @Needs(Role.OPERATOR)
        public @Nullable Response paint(@PathParam("id") String id, @Nullable JsonNode body) {
            return null;
        }

        @DELETE
        @Path("{id: .+}")
        @Needs(Role.OPERATOR)
        public void delete(@PathParam("id") String id) {}
    }

    @BeforeAll
    static void start() {
        server =
                AdminServer.guarded(
                        AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
        server.register(new ThingsResource());
        server.start();
        client = new AdminClient(server.address());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static JsonNode operation(String path, String method) throws Exception {
        return client.get("/openapi.json").json().path("paths").path(path).path(method);
    }

    @Test
    void theDocumentIsValidInBothForms() throws Exception {
        var options = new ParseOptions();
        options.setResolve(true);
        for (String form : List.of("/openapi.json", "/openapi.yaml")) {
            var answer = client.get(form);
            assertThat(answer.status()).isEqualTo(200);

            SwaggerParseResult parsed =
                    new OpenAPIV3Parser().readContents(answer.text(), null, options);

            assertThat(parsed.getMessages()).isEmpty();
            assertThat(parsed.getOpenAPI().getPaths())
                    .containsKeys(
                            "/health/live",
                            "/health/ready",
                            "/metrics",
                            "/api/v1/things",
                            "/api/v1/things/{id}",
                            "/api/v1/things/{id}/paint");
        }
    }

    @Test
    void itSaysWhichRoleIsNeededAndWhatNeedsNone() throws Exception {
        JsonNode paint = operation("/api/v1/things/{id}/paint", "post");

        assertThat(paint.path("x-role").asText()).isEqualTo("operator");
        assertThat(paint.path("description").asText()).contains("role operator");
        assertThat(paint.path("security").toString()).isEqualTo("[{\"token\":[]}]");
        assertThat(operation("/health/live", "get").path("security").toString()).isEqualTo("[]");
        assertThat(
                        client.get("/openapi.json")
                                .json()
                                .at("/components/securitySchemes/token/scheme")
                                .asText())
                .isEqualTo("bearer");
    }

    @Test
    void pagingIsDescribedOnceForAllResources() throws Exception {
        JsonNode parameters = operation("/api/v1/things", "get").path("parameters");

        assertThat(parameters.toString())
                .contains("#/components/parameters/limit")
                .contains("#/components/parameters/cursor")
                .contains("colour");
        assertThat(
                        client.get("/openapi.json")
                                .json()
                                .at("/components/parameters/limit/schema")
                                .toString())
                .contains("\"minimum\":1")
                .contains("\"maximum\":1000");
    }

    @Test
    void whateverGoesWrongIsAProblem() throws Exception {
        for (JsonNode path : client.get("/openapi.json").json().path("paths")) {
            for (JsonNode operation : path) {
                assertThat(operation.at("/responses/default/$ref").asText())
                        .as(operation.path("operationId").asText())
                        .isEqualTo("#/components/responses/Problem");
            }
        }
        assertThat(client.get("/openapi.json").json().at("/components/schemas/Problem/required"))
                .hasSize(3);
    }

    @Test
    void answersAreDescribedByWhatAMethodReturns() throws Exception {
        assertThat(operation("/api/v1/things", "get").at("/responses/200/description").asText())
                .isNotEmpty();
        assertThat(operation("/api/v1/things/{id}", "delete").path("responses").has("204"))
                .isTrue();
        assertThat(operation("/api/v1/things/{id}/paint", "post").path("responses").has("2XX"))
                .isTrue();
        // Not the fields of Java objects that stand for JSON.
        assertThat(client.get("/openapi.json").text())
                .doesNotContain("JsonNode")
                .doesNotContain("nodeType");
    }
}
