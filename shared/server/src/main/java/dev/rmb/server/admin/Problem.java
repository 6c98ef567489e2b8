package dev.rmb.server.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * An error as the admin API tells it; RFC 9457.
 *
 * @param type {@code about:blank}: the status says which kind it is
 * @param title of the status
 * @param status of HTTP
 * @param detail what went wrong this time, and what to do about it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(String type, String title, int status, @Nullable String detail) {
    static final String MEDIA_TYPE_NAME = "application/problem+json";
    static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

    static Problem of(int status, @Nullable String detail) {
        Response.Status known = Response.Status.fromStatusCode(status);
        String title = known == null ? "Error " + status : known.getReasonPhrase();
        return new Problem("about:blank", title, status, detail);
    }

    Response response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
