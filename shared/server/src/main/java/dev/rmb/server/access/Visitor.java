package dev.rmb.server.access;

import java.security.Principal;

/**
 * Who makes a request.
 *
 * @param name of the token
 */
public record Visitor(String name, Role role) implements Principal {
    /** A program of this machine, where those need no token. */
    public static final Visitor ON_THIS_MACHINE = new Visitor("loopback", Role.ADMIN);

    @Override
    public String getName() {
        return name;
    }
}
