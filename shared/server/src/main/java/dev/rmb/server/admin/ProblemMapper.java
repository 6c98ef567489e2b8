package dev.rmb.server.admin;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.rmb.twins.DirectoryException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a resource throws into a problem. What is our own fault is logged here, once. */
final class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);
    private static final String RETRY_SECONDS = "1";

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return problem(problem.getResponse(), problem.getMessage());
        }
        Integer broken = brokenOff(failure);
        if (broken != null) {
            return Problem.of(broken, null).response();
        }
        if (failure instanceof WebApplicationException refused) {
            return refused(refused);
        }
        if (failure instanceof JsonProcessingException malformed) {
            return Problem.of(400, complaint(malformed)).response();
        }
        if (failure instanceof DirectoryException away) {
            log.warn("An admin request failed: {}", away.getMessage());
            return Response.fromResponse(Problem.of(503, away.getMessage()).response())
                    .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
                    .build();
        }
        log.error("An admin request failed", failure);
        return Problem.of(500, "the relay's log says more").response();
    }

    /** What the server itself found wrong while a body was read: that it is too large, say. */
    private static @Nullable Integer brokenOff(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException refused && refused.getCode() / 100 == 4) {
                return refused.getCode();
            }
        }
        return null;
    }

    /** Without Jackson's own words, which name classes. */
    private static String complaint(JsonProcessingException malformed) {
        if (malformed instanceof UnrecognizedPropertyException unknown) {
            return "there is no field '" + unknown.getPropertyName() + "'";
        }
        if (malformed instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            String path =
                    mapping.getPath().stream()
                            .map(at -> at.getFieldName() == null ? "[]" : at.getFieldName())
                            .collect(Collectors.joining("."));
            return "the value of '" + path + "' does not fit";
        }
        JsonLocation at = malformed.getLocation();
        return "the body is no valid JSON"
                + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr());
    }

    /** Jersey serves HEAD wherever it serves GET, and does not say so here. */
    private static Response wrongMethod(Response response) {
        Set<String> methods = new TreeSet<>(response.getAllowedMethods());
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        return problem(
                Response.fromResponse(response).allow(methods).build(),
                "only " + String.join(", ", methods) + " may be asked for here");
    }

    /** By Jersey itself: no such path, method or media type. Its headers, Allow and such, stay. */
    private static Response refused(WebApplicationException refused) {
        Response response = refused.getResponse();
        int status = response.getStatus();
        if (status < 400) {
            return response;
        }
        if (status >= 500) {
            log.error("An admin request failed", refused);
        }
        return status == Response.Status.METHOD_NOT_ALLOWED.getStatusCode()
                ? wrongMethod(response)
                : problem(response, null);
    }

    private static Response problem(Response response, @Nullable String detail) {
        return Response.fromResponse(response)
                .type(Problem.MEDIA_TYPE)
                .entity(Problem.of(response.getStatus(), detail))
                .build();
    }
}
