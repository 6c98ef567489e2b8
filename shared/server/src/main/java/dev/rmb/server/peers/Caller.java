package dev.rmb.server.peers;

import jakarta.ws.rs.core.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Whose question this pod passes on. Other pods are shown the caller's own token: each of them
 * decides by itself what he may, and writes his name into its audit log, so that no pod has to be
 * trusted with more than it was asked for.
 *
 * @param authorization the header; {@code null} where nobody is asked who he is
 */
public record Caller(@Nullable String authorization) {
    public static Caller of(HttpHeaders request) {
        return new Caller(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    }

    /** Without the token, which belongs into no log. */
    @Override
    public String toString() {
        return "caller";
    }
}
