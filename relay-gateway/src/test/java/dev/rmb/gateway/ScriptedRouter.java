package dev.rmb.gateway;

import dev.rmb.cluster.link.Endpoint;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.InProcessLinks;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.LinkAcceptor;
import dev.rmb.cluster.link.LinkConnector;
import dev.rmb.cluster.link.LinkListener;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.SessionInfo;
import dev.rmb.protocol.Address;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The other end of a gateway's link, in the test's hands: remembers what it hears. */
final class ScriptedRouter implements LinkListener<RouterMessage, GatewayMessage>, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LinkAcceptor acceptor;
    private final LinkConnector connector;
    private final String endpoint;
    private final List<GatewayMessage> heard = new ArrayList<>();
    private final Map<Address, SessionInfo> present = new HashMap<>();
    private volatile @Nullable Link<RouterMessage> link;
    private final AtomicInteger linksOpened = new AtomicInteger();

    ScriptedRouter() throws IOException {
        var links = new InProcessLinks(new Endpoint("gateway", 1), new Endpoint("router", 2));
        this.acceptor = links.acceptor();
        this.connector = links.connector();
        this.endpoint = acceptor.start(this);
    }

    String endpoint() {
        return endpoint;
    }

    LinkConnector connector() {
        return connector;
    }

    int linksOpened() {
        return linksOpened.get();
    }

    void send(RouterMessage message) {
        Link<RouterMessage> to = link;
        if (to == null) {
            throw new IllegalStateException("no link");
        }
        to.send(message);
    }

    void cut() {
        Link<RouterMessage> to = link;
        if (to != null) {
            to.close();
        }
    }

    synchronized List<GatewayMessage> heard() {
        return List.copyOf(heard);
    }

    synchronized <M extends GatewayMessage> List<M> heard(Class<M> kind) {
        return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    synchronized void forget() {
        heard.clear();
    }

    <M extends GatewayMessage> M await(Class<M> kind, Predicate<M> which) {
        Awaitility.await().atMost(PATIENCE).until(() -> heard(kind).stream().anyMatch(which));
        return heard(kind).stream().filter(which).findFirst().orElseThrow();
    }

    /** The session that the gateway announced last for that address. */
    SessionInfo awaitPresent(Address address) {
        Awaitility.await().atMost(PATIENCE).until(() -> present(address) != null);
        SessionInfo session = present(address);
        if (session == null) {
            throw new IllegalStateException(address + " was present and is not any more");
        }
        return session;
    }

    synchronized @Nullable SessionInfo present(Address address) {
        return present.get(address);
    }

    @Override
    public void opened(Link<RouterMessage> opened) {
        linksOpened.incrementAndGet();
        link = opened;
    }

    @Override
    public synchronized void received(Link<RouterMessage> from, GatewayMessage message) {
        heard.add(message);
        switch (message) {
            case GatewayMessage.Snapshot snapshot ->
                    snapshot.sessions().forEach(s -> present.put(s.address(), s));
            case GatewayMessage.Opened opened ->
                    present.put(opened.session().address(), opened.session());
            case GatewayMessage.Closed closed ->
                    present.values().removeIf(s -> s.id() == closed.sessionId());
            case GatewayMessage.Acknowledged _,
                    GatewayMessage.Used _,
                    GatewayMessage.Asked _,
                    GatewayMessage.Offers _ -> {}
        }
    }

    @Override
    public void writable(Link<RouterMessage> writable) {}

    @Override
    public synchronized void closed(
            @Nullable Link<RouterMessage> closed, @Nullable Throwable cause) {
        link = null;
        present.clear();
    }

    @Override
    public void close() {
        acceptor.close();
        connector.close();
    }
}
