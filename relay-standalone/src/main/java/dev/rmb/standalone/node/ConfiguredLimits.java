package dev.rmb.standalone.node;

import dev.rmb.cluster.members.Member;
import dev.rmb.gateway.GatewaySettings;
import dev.rmb.router.DeliverySettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The limits of a configuration, by their names in it. */
final class ConfiguredLimits {
    private ConfiguredLimits() {}

    static Map<String, Long> of(RelayConfig config, Set<Member.Role> roles) {
        Map<String, Long> limits = new HashMap<>();
        if (roles.contains(Member.Role.GATEWAY)) {
            GatewaySettings gateway = config.gateway();
            limits.put("gateway.connections.max", (long) gateway.connections().max());
            limits.put("gateway.connections.perRemote", (long) gateway.connections().perRemote());
            limits.put(
                    "gateway.connections.ratePerRemote",
                    (long) gateway.connections().ratePerRemote());
            limits.put("gateway.sessions.max", (long) gateway.sessions().max());
            limits.put("gateway.sessions.maxPerTwin", (long) gateway.sessions().maxPerTwin());
            limits.put("gateway.rateLimit.messages", (long) gateway.rateLimit().messages());
            limits.put("gateway.rateLimit.size", gateway.rateLimit().size().toBytes());
        }
        if (roles.contains(Member.Role.ROUTER)) {
            DeliverySettings delivery = config.router().delivery();
            limits.put("router.delivery.mailboxMessages", (long) delivery.mailboxMessages());
            limits.put("router.delivery.mailboxSize", delivery.mailboxSize().toBytes());
            limits.put("router.delivery.twinAddresses", (long) delivery.twinAddresses());
            limits.put("router.delivery.twinMessages", (long) delivery.twinMessages());
            limits.put("router.delivery.twinSize", delivery.twinSize().toBytes());
            limits.put("router.delivery.partitionSize", delivery.partitionSize().toBytes());
        }
        return limits;
    }
}
