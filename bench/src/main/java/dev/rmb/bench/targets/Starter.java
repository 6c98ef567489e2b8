package dev.rmb.bench.targets;

import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.bench.twins.TwinsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts targets on ports that are free, in a directory that goes away with them. */
final class Starter {
    private static final Duration START = Duration.ofMinutes(4);
    private static final int HUB_HEAP = 256;
    private static final String DOMAIN = "localhost";

    /** Who starts this program names its script here. */
    private static final String LAUNCHER = "rmb.launcher";

    private final List<AutoCloseable> owned = new ArrayList<>();
    private final List<ServerProcess> processes = new ArrayList<>();
    private final Scratch scratch;

    private Starter() {
        scratch = Scratch.create();
        owned.add(scratch);
    }

    private interface Start {
        Servers start(Starter starter) throws IOException, InterruptedException;
    }

    private static Servers whole(Start start) throws InterruptedException {
        var starter = new Starter();
        try {
            return start.start(starter);
        } catch (IOException e) {
            Servers.closeAll(starter.owned);
            throw new TargetException("cannot write what the servers need: " + e.getMessage(), e);
        } catch (RuntimeException | InterruptedException e) {
            Servers.closeAll(starter.owned);
            throw e;
        }
    }

    static Servers hub() throws InterruptedException {
        return whole(starter -> {
            ServerProcess hub =
                    starter.process(
                            "hub",
                            ServerProcess.own(HUB_HEAP, "hub", "--listen", "127.0.0.1:0"),
                            Map.of());
            return starter.serving(List.of(hub));
        });
    }

    static Servers up(Target.Up up, List<DemoTwin> twins) throws InterruptedException {
        return whole(starter -> {
            List<String> command = new ArrayList<>();
            command.add(launcher(up.launcher()));
            command.add("up");
            command.addAll(
                    List.of(
                            "--data",
                            starter.scratch.file("data").toString(),
                            "--listen",
                            "127.0.0.1:0",
                            "--admin",
                            "127.0.0.1:0",
                            "--twins",
                            "file:" + starter.twins(twins)));
            command.addAll(up.options());
            return starter.serving(List.of(starter.process("relay", command, up.environment())));
        });
    }

    static Servers cluster(Target.Cluster cluster, List<DemoTwin> twins)
            throws InterruptedException {
        return whole(starter -> starter.startCluster(cluster, twins));
    }

    private Servers startCluster(Target.Cluster cluster, List<DemoTwin> twins)
            throws IOException, InterruptedException {
        Path known = twins(twins);
        ServerProcess broker = own(Broker.start(scratch));
        broker.awaitReady(START);
        String common =
                """
                kafka:
                  bootstrap.servers: %s
                  partitions: %d
                  replication: 1
                  acceptWeakReplication: true
                twins: {type: file, path: '%s'}
                admin: {listen: '127.0.0.1:0'}
                """
                        .formatted(broker.announced("kafka"), cluster.shape().partitions(), known);
        for (int i = 1; i <= cluster.shape().routers(); i++) {
            String name = "router-" + i;
            var _ = relay(cluster, name, "router", routerSection(name) + common);
        }
        List<ServerProcess> gateways = new ArrayList<>();
        for (int i = 1; i <= cluster.shape().gateways(); i++) {
            String name = "gateway-" + i;
            gateways.add(relay(cluster, name, "gateway", gatewaySection(name) + common));
        }
        for (ServerProcess process : processes) {
            process.awaitReady(START);
        }
        return serving(gateways);
    }

    private String routerSection(String name) {
        return """
        router:
          name: %s
          listen: 127.0.0.1:0
          streams:
            stateDirectory: '%s'
            standbys: 0
        """
                .formatted(name, scratch.file(name));
    }

    private static String gatewaySection(String name) {
        return """
        gateway:
          name: %s
          listen: 127.0.0.1:0
        """
                .formatted(name);
    }

    private ServerProcess relay(Target.Cluster cluster, String name, String role, String yaml)
            throws IOException {
        Path config = Files.writeString(scratch.file(name + ".yaml"), yaml);
        return process(
                name,
                List.of(launcher(cluster.launcher()), role, config.toString()),
                cluster.environment());
    }

    private ServerProcess process(
            String name, List<String> command, Map<String, String> environment) {
        return own(ServerProcess.start(name, command, environment, scratch.file(name + ".log")));
    }

    private ServerProcess own(ServerProcess process) {
        owned.add(process);
        processes.add(process);
        return process;
    }

    private Path twins(List<DemoTwin> twins) throws IOException {
        Path file = scratch.file("twins.jsonl");
        TwinsFile.write(file, twins, DOMAIN);
        return file;
    }

    private Servers serving(List<ServerProcess> doors) throws InterruptedException {
        for (ServerProcess door : doors) {
            door.awaitReady(START);
        }
        return new Servers(
                doors.stream().map(ServerProcess::relay).toList(),
                processes.stream().map(ServerProcess::pid).toList(),
                owned);
    }

    private static String launcher(@Nullable String given) {
        String launcher = given == null ? System.getProperty(LAUNCHER) : given;
        if (launcher == null) {
            throw new TargetException(
                    "start this with ./relay bench, or name a script: /PATH/relay up");
        }
        return launcher;
    }
}
