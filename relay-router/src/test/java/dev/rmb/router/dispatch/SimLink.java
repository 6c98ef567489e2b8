package dev.rmb.router.dispatch;

import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.RouterMessage;
import java.util.ArrayDeque;

/** A link between a gateway and an owner's process, with what is on its way in either direction. */
final class SimLink {
    final long id;
    final SimGateway gateway;
    final SimOwner owner;
    final ArrayDeque<GatewayMessage> toOwner = new ArrayDeque<>();

    /** These come by a way of their own, before or after everything else. */
    final ArrayDeque<GatewayMessage.Offers> offers = new ArrayDeque<>();

    final ArrayDeque<RouterMessage> toGateway = new ArrayDeque<>();
    boolean writable = true;

    /** The highest claim under which the owner has its whole snapshot. */
    long snapshotEpoch = -1;

    SimLink(long id, SimGateway gateway, SimOwner owner) {
        this.id = id;
        this.gateway = gateway;
        this.owner = owner;
    }
}
