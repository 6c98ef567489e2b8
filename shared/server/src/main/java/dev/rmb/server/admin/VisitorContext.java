package dev.rmb.server.admin;

import dev.rmb.server.access.Role;
import dev.rmb.server.access.Visitor;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/** A visitor as Jersey knows him: {@code @Context SecurityContext} in a resource. */
record VisitorContext(Visitor visitor, boolean secure) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
        return visitor;
    }

    @Override
    public boolean isUserInRole(String role) {
        return visitor.role().includes(Role.parse(role));
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public String getAuthenticationScheme() {
        return "Bearer";
    }
}
