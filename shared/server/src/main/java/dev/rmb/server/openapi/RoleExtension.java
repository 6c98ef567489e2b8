package dev.rmb.server.openapi;

import dev.rmb.server.access.Access;
import dev.rmb.server.access.Role;
import io.swagger.v3.jaxrs2.ext.AbstractOpenAPIExtension;
import io.swagger.v3.jaxrs2.ext.OpenAPIExtension;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.List;

/** Tells the document what a method says of itself: its role, and how it answers. */
public final class RoleExtension extends AbstractOpenAPIExtension {
    private static final String DEFAULT = "default";

    @Override
    public void decorateOperation(
            Operation operation, Method method, Iterator<OpenAPIExtension> chain) {
        Class<?> resource = method.getDeclaringClass();
        String name = resource.getSimpleName().replaceAll("Resource$", "");
        operation.setOperationId(name + "." + method.getName());
        operation.setTags(List.of(name));
        switch (Access.of(resource, method)) {
            case Access.Everybody everybody -> operation.setSecurity(List.of());
            case Access.Holders holders -> needs(operation, holders.role());
            case Access.Undeclared undeclared -> needs(operation, Role.ADMIN);
        }
        answers(operation, method);
        if (chain.hasNext()) {
            chain.next().decorateOperation(operation, method, chain);
        }
    }

    private static void needs(Operation operation, Role role) {
        operation.setSecurity(List.of(new SecurityRequirement().addList(ApiDocument.TOKEN)));
        operation.addExtension("x-role", role.toString());
        String description = operation.getDescription();
        String needed = "Needs the role " + role + ".";
        operation.setDescription(description == null ? needed : description + " " + needed);
    }

    /** What is not described otherwise is a success; whatever goes wrong is a problem. */
    private static void answers(Operation operation, Method method) {
        ApiResponses responses =
                operation.getResponses() == null ? new ApiResponses() : operation.getResponses();
        ApiResponse undescribed = responses.remove(DEFAULT);
        if (responses.isEmpty()) {
            ApiResponse success = undescribed == null ? new ApiResponse() : undescribed;
            if (method.getReturnType() == void.class) {
                success.setContent(null);
            }
            responses.addApiResponse(status(method), success.description("done"));
        }
        responses.addApiResponse(
                DEFAULT, new ApiResponse().$ref("#/components/responses/" + ApiDocument.PROBLEM));
        operation.setResponses(responses);
    }

    private static String status(Method method) {
        Class<?> type = method.getReturnType();
        if (type == void.class) {
            return "204";
        }
        return type == Response.class ? "2XX" : "200";
    }
}
