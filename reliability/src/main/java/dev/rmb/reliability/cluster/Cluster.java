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

    private final Shape shape;
    private final Path directory;
    private final Configuration configuration;
    private final List<Integer> brokerPorts;
    private final List<Node> brokers = new ArrayList<>();
    private final List<Node> routers = new ArrayList<>();
    private final List<Node> gateways = new ArrayList<>();
    private final List<Proxy> proxies = new ArrayList<>();
    private @Nullable SmallDisk smallDisk;
    private @Nullable Cluster successor;

    private Cluster(
            Shape shape, Path directory, Configuration configuration, List<Integer> brokerPorts) {
        this.shape = shape;
        this.directory = directory;
        this.configuration = configuration;
        this.brokerPorts = brokerPorts;
    }

    /**
     * Starts all processes and returns when they serve.
     *
     * @param directory for everything that they write
     * @param twins that they know
     */
    public static Cluster start(Shape shape, Path directory, List<DemoTwin> twins)
            throws InterruptedException {
        List<Integer> ports = Stream.generate(Ports::free).limit(2L * shape.brokers()).toList();
        Path file = directory.resolve("twins.jsonl");
        var configuration = Configuration.of(bootstrap(ports), shape.brokers(), PARTITIONS, file);
        var cluster = new Cluster(shape, directory, configuration, ports);
        try {
            TwinsFile.write(file, twins, configuration.domain());
            cluster.startBrokers();
            cluster.startRelays(0);
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Starts a second cluster of routers and gateways on the same brokers, under a prefix and with
     * partitions of its own, and returns when they serve. Its first gateway is reached where twins'
     * records say that their relay is. It ends with this one.
     */
    public Cluster startSuccessor(String prefix, int partitions) throws InterruptedException {
        try {
            Path place = Files.createDirectories(directory.resolve("successor"));
            var started =
                    new Cluster(
                            shape, place, configuration.successor(prefix, partitions), brokerPorts);
            successor = started;
            started.startRelays(configuration.publicPort());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What routers will read when they are started again: the relay in twins' records is another
     * one, and mail goes there.
     */
    public void leaveDomain() throws InterruptedException {
        for (Node router : routers) {
            String name = router.name();
            write(
                    name,
                    configuration.router(
                            name,
                            reached(),
                            state(name),
                            Configuration.FORMER_DOMAIN,
                            configuration.leaving()));
        }
    }

    /** What an operator shows to the admin ports. */
    public String token() {
        return configuration.token().secret();
    }

    private void startBrokers() throws InterruptedException {
        for (int i = 0; i < shape.brokers(); i++) {
            brokers.add(startBroker(i));
        }
        awaitReady(brokers);
    }

    /**
     * @param port of the first gateway; 0: any, as of all others
     */
    private void startRelays(int port) throws InterruptedException {
        for (int i = 0; i < shape.routers(); i++) {
            addRouter();
        }
        for (int i = 0; i < shape.gateways(); i++) {
            String name = "gateway-" + letter(i);
            gateways.add(
                    startRelay(
                            "gateway",
                            name,
                            configuration.gateway(name, i == 0 ? port : 0, shape.offers())));
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
        Node router =
                startRelay(
                        "router",
                        name,
                        configuration.router(
                                name,
                                reached(),
                                state(name),
                                configuration.domain(),
                                shape.routerSettings()));
        routers.add(router);
        return router;
    }

    private String reached() throws InterruptedException {
        if (!shape.hasProxies()) {
            return "  listen: 127.0.0.1:0\n";
        }
        int port = Ports.free();
        Proxy proxy = Proxy.start(port);
        proxies.add(proxy);
        return "  listen: 127.0.0.1:%d%n  advertised: 127.0.0.1:%d%n".formatted(port, proxy.port());
    }

    private Node startRelay(String role, String name, String yaml) {
        Path config = write(name, yaml);
        return Node.start(
                name,
                new Command(Command.RELAY, shape.heapMebibytes(), List.of(role, config.toString())),
                log(name),
                state(name));
    }

    private Path write(String name, String yaml) {
        try {
            return Files.writeString(directory.resolve(name + ".yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String bootstrap(List<Integer> ports) {
        // The client port of each.
        return Stream.iterate(0, i -> i < ports.size(), i -> i + 2)
                .map(i -> "127.0.0.1:" + ports.get(i))
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

    /** All of them, and those of the successor. */
    public List<Node> nodes() {
        List<Node> all = new ArrayList<>(brokers);
        all.addAll(routers);
        all.addAll(gateways);
        if (successor != null) {
            all.addAll(successor.nodes());
        }
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
