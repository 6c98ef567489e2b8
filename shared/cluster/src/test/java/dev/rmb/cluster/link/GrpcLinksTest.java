package dev.rmb.cluster.link;

import java.net.InetAddress;
import java.net.InetSocketAddress;

final class GrpcLinksTest extends LinkContract {
    @Override
    LinkAcceptor acceptor() {
        return new GrpcLinkAcceptor(
                ROUTER,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                new LinkSecurity.OnThisMachine());
    }

    @Override
    LinkConnector connector() {
        return new GrpcLinkConnector(GATEWAY, new LinkSecurity.OnThisMachine());
    }
}
