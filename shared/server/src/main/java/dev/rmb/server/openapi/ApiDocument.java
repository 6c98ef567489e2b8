package dev.rmb.server.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.core.util.Yaml;
import io.swagger.v3.jaxrs2.Reader;
import io.swagger.v3.oas.integration.SwaggerConfiguration;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The OpenAPI document of Jersey resources. What {@link RoleExtension} knows of each method is in
 * it; problems, tokens and paging are described here, once for all of them.
 */
public final class ApiDocument {
    static final String TOKEN = "token";
    static final String PROBLEM = "Problem";

    private static final int MOST = 1000;
    private static final int USUAL = 100;

    /** Query parameters that mean the same wherever they are. */
    private static final Map<String, Parameter> SHARED =
            Map.of(
                    "limit",
                    query("limit", "how many at most", limit()),
                    "cursor",
                    query("cursor", "next of the page before", new StringSchema()));

    static {
        ModelConverters.getInstance().addConverter(new FreeForm());
    }

    private final OpenAPI document;

    private ApiDocument(OpenAPI document) {
        this.document = document;
    }

    /**
     * @param resources classes with a path
     */
    public static ApiDocument of(Collection<Class<?>> resources) {
        var reader = new Reader(new SwaggerConfiguration().openAPI(frame()));
        OpenAPI document = reader.read(new LinkedHashSet<>(resources));
        document.getPaths()
                .values()
                .forEach(path -> path.readOperations().forEach(ApiDocument::share));
        return new ApiDocument(document);
    }

    private static OpenAPI frame() {
        var components =
                new Components()
                        .addSecuritySchemes(
                                TOKEN,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("made by relay token create; has a role"))
                        .addSchemas(PROBLEM, problem())
                        .addResponses(
                                PROBLEM,
                                new ApiResponse()
                                        .description("why not; RFC 9457")
                                        .content(
                                                new Content()
                                                        .addMediaType(
                                                                "application/problem+json",
                                                                new MediaType()
                                                                        .schema(
                                                                                new Schema<>()
                                                                                        .$ref(
                                                                                                PROBLEM)))));
        SHARED.forEach(components::addParameters);
        return new OpenAPI()
                .info(
                        new Info()
                                .title("RMB relay, admin API")
                                .version("v1")
                                .description(
                                        "Sees and steers a cluster of relay pods; any pod answers"
                                                + " for all."))
                .components(components);
    }

    private static Schema<?> limit() {
        var limit = new IntegerSchema();
        limit.setFormat(null);
        limit.setMinimum(BigDecimal.ONE);
        limit.setMaximum(BigDecimal.valueOf(MOST));
        limit.setDefault(USUAL);
        return limit;
    }

    private static Schema<?> problem() {
        Schema<?> problem = new ObjectSchema();
        problem.addProperty("type", new StringSchema().format("uri-reference"))
                .addProperty("title", new StringSchema().description("of the status"))
                .addProperty("status", new IntegerSchema())
                .addProperty(
                        "detail",
                        new StringSchema().description("what went wrong, and what to do about it"));
        problem.setRequired(List.of("type", "title", "status"));
        return problem;
    }

    private static Parameter query(String name, String description, Schema<?> schema) {
        return new Parameter().in("query").name(name).description(description).schema(schema);
    }

    private static void share(Operation operation) {
        List<Parameter> parameters = operation.getParameters();
        if (parameters != null) {
            parameters.replaceAll(parameter ->
                    "query".equals(parameter.getIn()) && SHARED.containsKey(parameter.getName())
                            ? new Parameter().$ref("#/components/parameters/" + parameter.getName())
                            : parameter);
        }
    }

    public String json() {
        try {
            return Json.mapper().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API's description cannot be written", e);
        }
    }

    public String yaml() {
        try {
            return Yaml.mapper().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API's description cannot be written", e);
        }
    }
}
