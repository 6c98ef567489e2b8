package dev.rmb.server.admin;

import dev.rmb.server.access.Open;
import dev.rmb.server.openapi.ApiDocument;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /openapi.json} and {@code /openapi.yaml}: what the admin API is. Made when asked for. */
@Path("/")
@Open
@Hidden
public final class OpenApiResource {
    private final Set<Class<?>> resources;
    private @Nullable ApiDocument document;

    /**
     * @param resources whatever is served, once the server has started
     */
    OpenApiResource(Set<Class<?>> resources) {
        this.resources = resources;
    }

    @GET
    @Path("openapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public String json() {
        return document().json();
    }

    @GET
    @Path("openapi.yaml")
    @Produces("application/yaml")
    public String yaml() {
        return document().yaml();
    }

    private synchronized ApiDocument document() {
        ApiDocument made = document == null ? ApiDocument.of(resources) : document;
        document = made;
        return made;
    }
}
