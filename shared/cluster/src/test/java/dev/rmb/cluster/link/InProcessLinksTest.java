package dev.rmb.cluster.link;

final class InProcessLinksTest extends LinkContract {
    private final InProcessLinks links = new InProcessLinks(GATEWAY, ROUTER);

    @Override
    LinkAcceptor acceptor() {
        return links.acceptor();
    }

    @Override
    LinkConnector connector() {
        return links.connector();
    }
}
