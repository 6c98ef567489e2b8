package dev.rmb.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.server.access.AccessToken;
import dev.rmb.server.access.KnownToken;
import dev.rmb.server.access.Role;
import dev.rmb.server.config.ConfigLoader;
import dev.rmb.server.config.HostPort;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.RelayConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Two gateways and two routers in this process, against one broker: as pods of a cluster. */
final class TestCluster implements AutoCloseable {
    static final int TWINS = 40;
    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Path twins;
    private final EmbeddedBroker broker;
    private final Map<Role, AccessToken> tokens = new EnumMap<>(Role.class);
    private final Map<String, Node> pods = new LinkedHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TestCluster(Path directory) throws Exception {
        this.directory = directory;
        for (Role role : Role.values()) {
            tokens.put(role, AccessToken.random(new SecureRandom()));
        }
        this.twins = TestTwins.write(directory.resolve("twins.jsonl"), TWINS);
        this.broker =
                EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.onFreePort());
        try {
            for (String pod : List.of("router-a", "router-b", "gateway-a", "gateway-b")) {
                start(pod);
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** An answer of an admin port. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, String type, byte[] bytes) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            try {
                return JSON.readTree(bytes);
            } catch (Exception e) {
                throw new AssertionError("no JSON: " + text(), e);
            }
        }

        String detail() {
            return json().path("detail").asText();
        }
    }

    List<String> pods() {
        return List.copyOf(pods.keySet());
    }

    URI ws(String gateway) {
        HostPort clients = pods.get(gateway).clients();
        return URI.create("ws://" + clients);
    }

    RawPeer connect(String gateway, long twin, String connection) throws Exception {
        return TestTwins.connect(ws(gateway), twin, connection);
    }

    /** The directory names another relay of the twin, as soon as pods have noticed. */
    void moves(long twin, String relay) throws IOException {
        Path changed = Files.createTempFile(directory, "twins", ".jsonl");
        Files.write(
                changed,
                Files.readAllLines(twins).stream()
                        .map(line ->
                                line.startsWith("{\"id\":" + twin + ",")
                                        ? line.replace("localhost", relay)
                                        : line)
                        .toList());
        Files.move(changed, twins, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Stops a pod as an operator would. */
    void stop(String pod) {
        pods.remove(pod).close();
    }

    Answer get(String pod, String path) throws Exception {
        return send(pod, "GET", path, "");
    }

    /** As an administrator. */
    Answer send(String pod, String method, String path, String body) throws Exception {
        return send(Role.ADMIN, pod, method, path, body);
    }

    /** With the token of a role; {@code null}: without any. */
    Answer send(@Nullable Role role, String pod, String method, String path, String body)
            throws Exception {
        HttpResponse<byte[]> response =
                http.send(
                        request(role, pod, method, path, body),
                        HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }

    private HttpRequest request(
            @Nullable Role role, String pod, String method, String path, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://" + pods.get(pod).admin() + path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(
                                                body.replace('\'', '"')));
        if (role != null) {
            request.header("Authorization", "Bearer " + tokens.get(role).secret());
        }
        return request.build();
    }

    /** All of a list, page by page. */
    List<JsonNode> all(String pod, String path, String name, int limit) throws Exception {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            Answer page =
                    get(
                            pod,
                            path
                                    + (path.indexOf('?') < 0 ? "?" : "&")
                                    + "limit="
                                    + limit
                                    + "&cursor="
                                    + cursor);
            if (page.status() != 200) {
                throw new AssertionError(page.text());
            }
            page.json().path(name).forEach(items::add);
            cursor = page.json().path("next").asText("");
        } while (!cursor.isEmpty());
        return items;
    }

    private String knownTokens() {
        return tokens.entrySet().stream()
                .map(token -> {
                    KnownToken known =
                            token.getValue().known(token.getKey().toString(), token.getKey());
                    return "{name: %s, role: %s, hash: '%s'}"
                            .formatted(known.name(), known.role(), known.hash());
                })
                .collect(Collectors.joining(", "));
    }

    /** Starts a pod, maybe again. */
    void start(String name) throws Exception {
        boolean isGateway = name.startsWith("gateway");
        String own =
                isGateway
                        ? "gateway: {name: %s, listen: '127.0.0.1:0', drain: {grace: 0s, period: 1s}}"
                                .formatted(name)
                        : "router: {name: %s, listen: '127.0.0.1:0', domains: [localhost], streams: {stateDirectory: '%s', standbys: 1}}"
                                .formatted(name, directory.resolve(name));
        RelayConfig config =
                ConfigLoader.parse(
                        """
                        %s
                        kafka: {bootstrap.servers: '%s', partitions: %d, replication: 1, acceptWeakReplication: true}
                        twins: {type: file, path: '%s'}
                        admin:
                          listen: '127.0.0.1:0'
                          tokens: [%s]
                        """
                                .formatted(
                                        own,
                                        broker.bootstrapServers(),
                                        PARTITIONS,
                                        twins,
                                        knownTokens()),
                        RelayConfig.class,
                        Map.of());
        pods.put(name, isGateway ? Node.gateway(config) : Node.router(config));
    }

    @Override
    public void close() {
        http.close();
        List<Node> started = new ArrayList<>(pods.values());
        started.reversed().forEach(Node::close);
        broker.close();
    }
}
