package dev.rmb.server.twins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.twins.DirectoryException;
import dev.rmb.twins.NewTwin;
import dev.rmb.twins.RelayDomains;
import dev.rmb.twins.Twin;
import dev.rmb.twins.TwinChange;
import dev.rmb.twins.TwinDirectory;
import dev.rmb.twins.TwinJson;
import dev.rmb.twins.TwinListing;
import dev.rmb.twins.TwinPage;
import dev.rmb.twins.TwinRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.SchemaProperty;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/twins}: the twins of this relay, and the changes it may make to them. */
@Path("/api/v1/twins")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class TwinsResource {
    private static final int MAX_LIMIT = 1000;
    private static final Duration LOOK_UP = Duration.ofSeconds(10);

    private final TwinDirectory directory;
    private final Optional<TwinRegistry> registry;
    private final RelayDomains home;

    /** What a request may hold. */
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schemaProperties = {
                                @SchemaProperty(
                                        name = "id",
                                        schema =
                                                @Schema(
                                                        type = "integer",
                                                        minimum = "1",
                                                        maximum = "4294967295")),
                                @SchemaProperty(
                                        name = "account",
                                        schema =
                                                @Schema(
                                                        type = "string",
                                                        pattern = "^0x[0-9a-f]{64}$")),
                                @SchemaProperty(
                                        name = "relay",
                                        schema = @Schema(type = "string", nullable = true)),
                                @SchemaProperty(
                                        name = "pk",
                                        schema =
                                                @Schema(
                                                        type = "string",
                                                        nullable = true,
                                                        pattern = "^0x0[23][0-9a-f]{64}$"))
                            }))
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    private @interface Described {}

    /**
     * @param home domains of this relay: where a new twin lives unless its request says otherwise,
     *     since without a relay nothing is kept for it while it is offline; may be empty
     */
    public TwinsResource(OpenTwins twins, RelayDomains home) {
        this.directory = twins.directory();
        this.registry = twins.registry();
        this.home = home;
    }

    /**
     * @param cursor {@code next} of the page before
     */
    @GET
    @Operation(summary = "The twins that this relay knows")
    public ObjectNode list(
            @QueryParam("limit") @DefaultValue("100") String limit,
            @QueryParam("cursor") @DefaultValue("0") String cursor) {
        if (!(directory instanceof TwinListing listing)) {
            throw ProblemException.of(
                    Response.Status.NOT_FOUND,
                    "there is no list: this relay's twins are kept elsewhere, and looked up there"
                            + " one by one; ask for /api/v1/twins/ID");
        }
        TwinPage page =
                listing.list(
                        number("cursor", cursor, 0, Twin.MAX_ID),
                        (int) number("limit", limit, 1, MAX_LIMIT));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode twins = body.putArray("twins");
        page.twins().forEach(twin -> twins.add(TwinJson.write(twin)));
        page.next().ifPresent(next -> body.put("next", Long.toString(next)));
        return body;
    }

    @GET
    @Path("{id}")
    @Operation(summary = "A twin")
    public ObjectNode byId(
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "4294967295"))
                    @PathParam("id")
                    String text) {
        long id = id(text);
        return TwinJson.write(lookUp(id).orElseThrow(() -> unknown(id)));
    }

    @POST
    @Needs(Role.ADMIN)
    @Operation(summary = "Registers a twin")
    @Described
    public Response create(@Nullable JsonNode json) {
        TwinBody body = TwinBody.of(json);
        String relay = body.has("relay") || home.isEmpty() ? body.relay() : home.toString();
        var wanted = checked(() -> new NewTwin(body.id(), body.account(), relay, body.pk()));
        Twin made = made(registry().create(wanted));
        return Response.created(URI.create("/api/v1/twins/" + made.id()))
                .entity(TwinJson.write(made))
                .build();
    }

    /** Sets all of a twin; what is absent is taken away. */
    @PUT
    @Needs(Role.ADMIN)
    @Path("{id}")
    @Operation(summary = "Sets all of a twin")
    @Described
    public ObjectNode replace(
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "4294967295"))
                    @PathParam("id")
                    String text,
            @Nullable JsonNode json) {
        TwinBody body = TwinBody.of(json);
        long id = sameId(id(text), body);
        var twin = new Twin(id, body.account(), body.relay(), body.pk());
        return change(id, present -> twin);
    }

    /** Sets what is there; {@code null} takes away. */
    @PATCH
    @Needs(Role.ADMIN)
    @Path("{id}")
    @Operation(summary = "Sets what is there; null takes away")
    @Described
    public ObjectNode edit(
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "4294967295"))
                    @PathParam("id")
                    String text,
            @Nullable JsonNode json) {
        TwinBody body = TwinBody.of(json);
        long id = sameId(id(text), body);
        return change(
                id,
                present ->
                        new Twin(
                                id,
                                body.has("account") ? body.account() : present.account(),
                                body.has("relay") ? body.relay() : present.relay(),
                                body.has("pk") ? body.pk() : present.pk()));
    }

    @DELETE
    @Needs(Role.ADMIN)
    @Path("{id}")
    @Operation(summary = "Forgets a twin")
    public void delete(
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "4294967295"))
                    @PathParam("id")
                    String text) {
        var _ = made(registry().delete(id(text)));
    }

    private ObjectNode change(long id, UnaryOperator<Twin> edit) {
        return TwinJson.write(made(checked(() -> registry().update(id, edit))));
    }

    private TwinRegistry registry() {
        return registry.orElseThrow(() ->
                ProblemException.notAllowed(
                        "this relay does not keep its twins itself; change them at their source",
                        HttpMethod.GET,
                        HttpMethod.HEAD,
                        HttpMethod.OPTIONS));
    }

    private Optional<Twin> lookUp(long id) {
        try {
            return directory
                    .byId(id)
                    .toCompletableFuture()
                    .get(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw DirectoryException.retryable("the directory does not answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DirectoryException failure) {
                throw failure;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DirectoryException.retryable("interrupted", e);
        }
    }

    private static Twin made(TwinChange change) {
        return switch (change) {
            case TwinChange.Made made -> made.twin();
            case TwinChange.Conflict conflict ->
                    throw ProblemException.of(Response.Status.CONFLICT, conflict.reason());
            case TwinChange.Unknown unknown -> throw unknown(unknown.id());
        };
    }

    private static ProblemException unknown(long id) {
        return ProblemException.of(Response.Status.NOT_FOUND, "there is no twin " + id);
    }

    private static <T> T checked(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static long sameId(long id, TwinBody body) {
        Long written = body.id();
        if (written != null && written != id) {
            throw ProblemException.badRequest("a twin keeps its id");
        }
        return id;
    }

    private static long id(String text) {
        return number("id", text, 1, Twin.MAX_ID);
    }

    private static long number(String name, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw outOf(name, least, most);
        }
        throw outOf(name, least, most);
    }

    private static ProblemException outOf(String name, long least, long most) {
        return ProblemException.badRequest(
                name + " must be a whole number from " + least + " to " + most);
    }
}
