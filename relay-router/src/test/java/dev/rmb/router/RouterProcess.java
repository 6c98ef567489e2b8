package dev.rmb.router;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.cluster.link.Endpoint;
import dev.rmb.cluster.link.GrpcLinkAcceptor;
import dev.rmb.cluster.link.LinkSecurity;
import dev.rmb.kafka.KafkaSettings;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.twins.InMemoryTwins;
import dev.rmb.twins.Twin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A router in a process of its own, for tests that kill it. */
final class RouterProcess {
    static final int TWINS = 100;
    private static final String READY = "ready";

    /** Short, so that a test does not wait long for the group to miss a dead member. */
    private static final Duration SESSION_TIMEOUT = Duration.ofMillis(1_500);

    /** It ends by itself should whoever started it be gone. */
    private static final long LIFE_SECONDS = 180;

    private RouterProcess() {}

    /** Starts one, and returns when it serves. Its twins are of its own relay. */
    static Process start(KafkaSettings kafka, String name, Path stateDirectory) throws IOException {
        return start(kafka, name, stateDirectory, TestCluster.DOMAIN);
    }

    /**
     * The same.
     *
     * @param relay where its twins live
     */
    static Process start(KafkaSettings kafka, String name, Path stateDirectory, String relay)
            throws IOException {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                RouterProcess.class.getName(),
                                kafka.bootstrapServers(),
                                kafka.prefix(),
                                name,
                                stateDirectory.toString(),
                                relay)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        process.getOutputStream().close();
        var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line;
        while ((line = lines.readLine()) != null) {
            if (line.equals(READY)) {
                return process;
            }
            System.out.println(name + ": " + line);
        }
        throw new IOException("the router's process ended before it was ready");
    }

    public static void main(String[] args) throws Exception {
        var kafka = new KafkaSettings(args[0], args[1], TestCluster.PARTITIONS, 1, Map.of());
        String name = args[2];
        var twins = new InMemoryTwins();
        for (int id = 1; id <= TWINS; id++) {
            byte[] account = new byte[32];
            account[0] = (byte) id;
            twins.put(new Twin(id, AccountId.of(account), args[4], null));
        }
        var acceptor =
                new GrpcLinkAcceptor(
                        new Endpoint(name, ProcessHandle.current().pid()),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        new LinkSecurity.OnThisMachine());
        try (Router router =
                Router.start(
                        TestCluster.settings(name, Path.of(args[3]), SESSION_TIMEOUT),
                        kafka,
                        twins,
                        acceptor,
                        new Limits(),
                        new MetricRegistry(),
                        Clock.systemUTC())) {
            System.out.println(READY);
            if (!new CountDownLatch(1).await(LIFE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("nobody killed " + router.endpoint());
            }
        } finally {
            acceptor.close();
        }
    }
}
