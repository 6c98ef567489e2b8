package dev.rmb.server.pods;

import dev.rmb.cluster.members.Member;
import java.util.Optional;
import java.util.Set;

/**
 * What this pod can say of itself.
 *
 * @param clients if it takes any
 * @param partitions if it is a router
 */
public record PodSelf(
        String name,
        Set<Member.Role> roles,
        String version,
        Optional<Drainable> clients,
        Optional<Partitions> partitions) {
    /** The router in a pod. Thread-safe; nothing of it blocks. */
    public interface Partitions {
        /** Whether all that fall to it are open, and none is moving. */
        boolean isRunning();

        /** How many are open. */
        int count();
    }

    public PodSelf {
        roles = Set.copyOf(roles);
    }

    String state() {
        if (clients.isPresent() && !clients.get().state().equals(Drainable.SERVING)) {
            return clients.get().state();
        }
        return partitions.isPresent() && !partitions.get().isRunning()
                ? "restoring"
                : Drainable.SERVING;
    }
}
