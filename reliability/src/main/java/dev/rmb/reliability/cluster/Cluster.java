package dev.rmb.reliability.cluster;

import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.bench.twins.TwinsFile;
import dev.rmb.reliability.process.BrokerMain;
import dev.rmb.reliability.process.Command;
import dev.rmb.reliability.process.Ports;
import dev.rmb.reliability.process.QuorumBrokerMain;
import dev.rmb.reliability.process.SmallDisk;
import dev.rmb.reliability.proxy.Proxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brokers, routers and gateways on this machine, each a process of its own. */
public final class Cluster implements AutoCloseable {
    /** Enough for each router to own several, and few enough for small machines. */
    public static final int PARTITIONS = 8;

    private static final int BROKER_HEAP = 192;
    private static final int REPLICAS_THAT_LAST = 3;
    private static final String DOMAIN = "localhost";

    private final Shape shape;
    private final Path directory;
    private final Path twins;
    private final List<Integer> brokerPorts = new ArrayList<>();
    private final List<Node> brokers = new ArrayList<>();
    private final List<Node> routers = new ArrayList<>();
    private final List<Node> gateways = new ArrayList<>();
    private final List<Proxy> proxies = new ArrayList<>();
    private @Nullable SmallDisk smallDisk;

    private Cluster(Shape shape, Path directory) {
        this.shape = shape;
        this.directory = directory;
        this.twins = directory.resolve("twins.jsonl");
    }

    /**
     * Starts all processes and returns when they serve.
     *
     * @param directory for everything that they write
     * @param twins that they know
     */
    public static Cluster start(Shape shape, Path directory, List<DemoTwin> twins)
            throws InterruptedException {
        var cluster = new Cluster(shape, directory);
        try {
            TwinsFile.write(cluster.twins, twins, DOMAIN);
            cluster.startAll();
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    private void startAll() throws IOException, InterruptedException {
        for (int i = 0; i < shape.brokers(); i++) {
            brokerPorts.add(Ports.free());
            brokerPorts.add(Ports.free());
        }
        for (int i = 0; i < shape.brokers(); i++) {
            brokers.add(startBroker(i));
        }
        awaitReady(brokers);
        for (int i = 0; i < shape.routers(); i++) {
            addRouter();
        }
        for (int i = 0; i < shape.gateways(); i++) {
            String name = "gateway-" + letter(i);
            gateways.add(startRelay("gateway", name, gatewaySection(name)));
        }
        awaitReady(nodes());
    }

    private static void awaitReady(List<Node> nodes) throws InterruptedException {
        for (Node node : nodes) {
            node.awaitReady();
        }
    }

    private static char letter(int i) {
        return (char) ('a' + i);
    }

    private Node startBroker(int i) {
        String name = "broker-" + letter(i);
        Path state = directory.resolve(name);
        List<String> arguments = new ArrayList<>();
        arguments.add(state.toString());
        if (shape.brokers() == 1) {
            arguments.add(brokerPorts.get(0).toString());
        } else {
            arguments.add(Integer.toString(i + 1));
            brokerPorts.forEach(port -> arguments.add(port.toString()));
        }
        Class<?> main = shape.brokers() == 1 ? BrokerMain.class : QuorumBrokerMain.class;
        return Node.start(
                name, new Command(main.getName(), BROKER_HEAP, arguments), log(name), state);
    }

    /** Starts one more router, without waiting for it. */
    public Node addRouter() throws InterruptedException {
        int i = routers.size();
        String name = "router-" + letter(i);
        if (i == 0 && shape.diskMebibytes() > 0) {
            smallDisk = SmallDisk.mount(state(name), shape.diskMebibytes());
        }
        Node router = startRelay("router", name, routerSection(name));
        routers.add(router);
        return router;
    }

    private String routerSection(String name) throws InterruptedException {
        String reached;
        if (shape.hasProxies()) {
            int port = Ports.free();
            Proxy proxy = Proxy.start(port);
            proxies.add(proxy);
            reached =
                    "  listen: 127.0.0.1:%d%n  advertised: 127.0.0.1:%d%n"
                            .formatted(port, proxy.port());
        } else {
            reached = "  listen: 127.0.0.1:0\n";
        }
        return """
        router:
          name: %s
        %s  streams:
            stateDirectory: %s
        %s\
        """
                .formatted(name, reached, state(name), shape.routerSettings());
    }

    private String gatewaySection(String name) {
        return """
        gateway:
          name: %s
          listen: 127.0.0.1:0
          offers: {enabled: %b}
        """
                .formatted(name, shape.offers());
    }

    private Node startRelay(String role, String name, String section) {
        String yaml =
                """
                %skafka:
                  bootstrap.servers: %s
                  partitions: %d
                  replication: %d
                  acceptWeakReplication: %b
                twins: {type: file, path: %s}
                admin: {listen: '127.0.0.1:0'}
                """
                        .formatted(
                                section,
                                bootstrap(),
                                PARTITIONS,
                                shape.brokers(),
                                shape.brokers() < REPLICAS_THAT_LAST,
                                twins);
        try {
            Path config = Files.writeString(directory.resolve(name + ".yaml"), yaml);
            return Node.start(
                    name,
                    new Command(
                            Command.RELAY, shape.heapMebibytes(), List.of(role, config.toString())),
                    log(name),
                    state(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String bootstrap() {
        // The client port of each.
        return Stream.iterate(0, i -> i < brokerPorts.size(), i -> i + 2)
                .map(i -> "127.0.0.1:" + brokerPorts.get(i))
                .collect(Collectors.joining(","));
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    private Path state(String name) {
        return directory.resolve(name);
    }

    /** The brokers. */
    public List<Node> brokers() {
        return brokers;
    }

    /** The routers, those that were added at the end. */
    public List<Node> routers() {
        return routers;
    }

    /** The gateways. */
    public List<Node> gateways() {
        return gateways;
    }

    /** What gateways connect to instead of each router, if the shape says so. */
    public List<Proxy> proxies() {
        return proxies;
    }

    /** The first router's, if the shape says so. */
    public SmallDisk smallDisk() {
        return Objects.requireNonNull(smallDisk, "there is no small disk");
    }

    /** All of them. */
    public List<Node> nodes() {
        List<Node> all = new ArrayList<>(brokers);
        all.addAll(routers);
        all.addAll(gateways);
        return all;
    }

    /** Kills everything: what is to be proved has been. */
    @Override
    public void close() {
        try {
            nodes().forEach(Node::kill);
            for (Node node : nodes()) {
                node.awaitKilled();
            }
        } catch (InterruptedException e) {
            // The processes end with this one.
            Thread.currentThread().interrupt();
        }
        proxies.forEach(Proxy::close);
        if (smallDisk != null) {
            smallDisk.close();
        }
    }
}
