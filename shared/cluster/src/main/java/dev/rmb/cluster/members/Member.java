package dev.rmb.cluster.members;

import java.util.Set;

/**
 * A pod of the cluster.
 *
 * @param incarnation one per start of its process
 * @param adminEndpoint {@code host:port}
 */
public record Member(
        String pod, Set<Role> roles, long incarnation, String version, String adminEndpoint) {
    /** What a pod does; in standalone one pod does both. */
    public enum Role {
        GATEWAY,
        ROUTER
    }

    public Member {
        roles = Set.copyOf(roles);
    }
}
