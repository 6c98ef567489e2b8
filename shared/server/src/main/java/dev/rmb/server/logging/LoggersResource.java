package dev.rmb.server.logging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.server.access.Needs;
import dev.rmb.server.access.Role;
import dev.rmb.server.admin.Audit;
import dev.rmb.server.admin.JsonFields;
import dev.rmb.server.admin.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.SchemaProperty;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/loggers}: what this pod writes into its log. Changes hold until the process ends.
 */
@Path("/api/v1/loggers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Needs(Role.VIEWER)
public final class LoggersResource {
    private static final String LEVEL = "level";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$.-]{1,200}");

    /** A logger that was named once stays in memory. */
    private static final int MAX_SET = 500;

    @GET
    @Operation(summary = "The loggers of this pod that have a level of their own")
    public ObjectNode list() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode loggers = body.putArray("loggers");
        Logging.levels()
                .forEach((name, level) -> {
                    ObjectNode logger = loggers.addObject();
                    logger.put("name", name);
                    logger.put(LEVEL, text(level));
                });
        return body;
    }

    @GET
    @Path("{name}")
    @Operation(summary = "The level of a logger, its own or that of the next one above it")
    public ObjectNode level(@PathParam("name") String name) {
        return body(checked(name));
    }

    /** Sets it; {@code null} gives the logger back to the next one above it. */
    @PUT
    @Path("{name}")
    @Needs(Role.ADMIN)
    @Operation(summary = "Sets the level of a logger of this pod until its process ends")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schemaProperties =
                                    @SchemaProperty(
                                            name = LEVEL,
                                            schema =
                                                    @Schema(
                                                            type = "string",
                                                            nullable = true,
                                                            allowableValues = {
                                                                "off", "error", "warn", "info",
                                                                "debug", "trace"
                                                            }))))
    public ObjectNode set(
            @PathParam("name") String name,
            @Nullable JsonNode json,
            @Context HttpServletRequest request) {
        String logger = checked(name);
        JsonFields fields = JsonFields.of(json, Set.of(LEVEL));
        if (!fields.has(LEVEL)) {
            throw ProblemException.badRequest("the body needs a level");
        }
        String level = fields.text(LEVEL);
        Map<String, LogLevel> levels = Logging.levels();
        if (level == null && logger.equals(org.slf4j.Logger.ROOT_LOGGER_NAME)) {
            throw ProblemException.badRequest("there is no logger above " + logger);
        }
        if (levels.size() >= MAX_SET && !levels.containsKey(logger)) {
            throw ProblemException.badRequest("there are levels for " + MAX_SET + " loggers");
        }
        try {
            LogLevel wanted = level == null ? null : parsed(level);
            Audit.note(request, wanted == null ? "as above it" : LEVEL + " " + text(wanted));
            Logging.set(logger, wanted);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(String.valueOf(e.getMessage()));
        }
        return body(logger);
    }

    private static LogLevel parsed(String text) {
        return Arrays.stream(LogLevel.values())
                .filter(level -> text(level).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "level is one of off, error, warn, info, debug, trace, or null"));
    }

    private static ObjectNode body(String logger) {
        Map<String, LogLevel> levels = Logging.levels();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", logger);
        LogLevel own = levels.get(logger);
        body.put(LEVEL, own == null ? null : text(own));
        body.put("effective", text(Logging.effective(levels, logger)));
        return body;
    }

    private static String text(LogLevel level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.badRequest("a logger's name has letters, digits, _ $ . and -");
        }
        return name;
    }
}
