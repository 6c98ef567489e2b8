package dev.rmb.standalone.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.client.RmbClient;
import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.lifecycle.Lifecycle;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.RelayConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/**
 * A cluster in this process that goes through what every cluster goes through: clients connect,
 * call each other and leave, a second router joins, the first one stops and others take its
 * partitions over.
 *
 * <p>Meant to run under a JVM that records (JEP 514): servers started with what was recorded have
 * their classes loaded and linked, which is most of their start and of the pause when a router that
 * just started takes partitions over. {@code docs/performance.md} has the figures.
 */
public final class Rehearsal {
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Few, because each costs time; several, because both routers should own some of them. */
    private static final int TWINS = 8;

    /** Enough for what is called often to be seen as such. */
    private static final int ROUNDS = 100;

    private static final int PARTITIONS = 4;
    private static final String PAYLOAD = "not the real thing yet";

    private final Path directory;
    private final ObjectMapper json = new ObjectMapper();
    private final Lifecycle parts = new Lifecycle();

    private Rehearsal(Path directory) {
        this.directory = directory;
    }

    /**
     * Does it all; blocks its caller for some seconds.
     *
     * @param directory an empty one, for what the servers keep
     * @throws IOException if the directory or a loopback port cannot be used
     * @throws TimeoutException if an answer does not come in 20 s
     */
    public static void run(Path directory)
            throws IOException, InterruptedException, TimeoutException {
        var rehearsal = new Rehearsal(directory);
        try {
            rehearsal.play();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call failed: " + e.getCause(), e);
        } finally {
            rehearsal.parts.close();
        }
    }

    private void play()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Files.write(
                directory.resolve("twins.jsonl"),
                LongStream.rangeClosed(1, TWINS).mapToObj(Rehearsal::twin).toList());
        EmbeddedBroker broker =
                parts.add(
                        "the broker",
                        STOP,
                        EmbeddedBroker.start(
                                directory.resolve("kafka"), BrokerSettings.onFreePort()));
        Node first = Node.router(config("router-a", broker));
        try {
            Node gateway =
                    parts.add("the gateway", STOP, Node.gateway(config("gateway-a", broker)));
            URI relay = URI.create("ws://" + gateway.clients());
            talk(relay);
            parts.add("the router", STOP, Node.router(config("router-b", broker)));
            talk(relay);
        } finally {
            first.close();
        }
        parts.add("its successor", STOP, Node.router(config("router-a", broker)));
    }

    /** Twins come, call each other and leave; each pair first while the one called is away. */
    private void talk(URI relay) throws InterruptedException, ExecutionException, TimeoutException {
        List<RmbClient> clients = new ArrayList<>();
        try {
            RmbClient caller = connect(relay, 1, clients);
            List<CompletableFuture<?>> early = new ArrayList<>();
            for (long twin = 2; twin <= TWINS; twin++) {
                early.add(call(caller, twin));
            }
            for (long twin = 2; twin <= TWINS; twin++) {
                connect(relay, twin, clients);
            }
            await(early);
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<?>> calls = new ArrayList<>();
                for (RmbClient client : clients) {
                    calls.add(call(client, 1 + (client.address().twin() + round) % TWINS));
                }
                await(calls);
            }
        } finally {
            clients.forEach(RmbClient::close);
        }
    }

    private static RmbClient connect(URI relay, long twin, List<RmbClient> clients) {
        RmbClient client =
                RmbClient.builder()
                        .relay(relay)
                        .twin(twin)
                        .signer(key(twin))
                        .handleOthers(
                                request -> CompletableFuture.completedFuture(request.payload()))
                        .connect();
        clients.add(client);
        return client;
    }

    private static CompletableFuture<?> call(RmbClient from, long to) {
        return from.call(
                        new Address(to, null),
                        "rehearse",
                        PAYLOAD.getBytes(StandardCharsets.UTF_8),
                        PATIENCE)
                .toCompletableFuture();
    }

    private static void await(List<CompletableFuture<?>> calls)
            throws InterruptedException, ExecutionException, TimeoutException {
        var _ =
                CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Even ones sr25519, odd ones ed25519, so that both are rehearsed. */
    private static KeyPair key(long twin) {
        return KeyPair.of(
                twin % 2 == 0 ? KeyType.SR25519 : KeyType.ED25519, "0x" + "%064x".formatted(twin));
    }

    private static String twin(long twin) {
        return "{\"id\":%d,\"account\":\"%s\",\"relay\":\"localhost\"}"
                .formatted(twin, key(twin).account());
    }

    private RelayConfig config(String name, EmbeddedBroker broker) {
        Map<String, Object> sections =
                Map.of(
                        "gateway",
                        Map.of("name", name, "listen", "127.0.0.1:0"),
                        "router",
                        Map.of(
                                "name",
                                name,
                                "listen",
                                "127.0.0.1:0",
                                "streams",
                                Map.of("stateDirectory", directory.resolve(name).toString())),
                        "kafka",
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "partitions",
                                PARTITIONS,
                                "replication",
                                1,
                                "acceptWeakReplication",
                                true),
                        "twins",
                        Map.of("type", "file", "path", directory.resolve("twins.jsonl").toString()),
                        "admin",
                        Map.of("listen", "127.0.0.1:0"));
        try {
            // JSON is YAML.
            return ConfigLoader.parse(
                    json.writeValueAsString(sections), RelayConfig.class, Map.of());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings that cannot be written as JSON", e);
        }
    }
}
