package dev.rmb.server.admin;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;

/**
 * Refuses flags that are neither {@code true} nor {@code false}: as Java reads them, all but one
 * text is no.
 */
@Priority(Priorities.USER)
final class FlagFilter implements ContainerRequestFilter {
    @SuppressWarnings("NullAway.Init")
    @Context
    private ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource.getResourceMethod();
        if (method == null) {
            return;
        }
        for (Parameter parameter : method.getParameters()) {
            QueryParam query = parameter.getAnnotation(QueryParam.class);
            if (query != null && parameter.getType() == boolean.class) {
                check(query.value(), request);
            }
        }
    }

    private static void check(String name, ContainerRequestContext request) {
        List<String> values =
                request.getUriInfo().getQueryParameters().getOrDefault(name, List.of());
        if (values.size() > 1 || !List.of("true", "false").containsAll(values)) {
            throw ProblemException.badRequest(name + " is true or false, and given once at most");
        }
    }
}
