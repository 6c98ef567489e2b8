package dev.rmb.examples;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbClientBuilder;
import dev.rmb.protocol.identity.EncryptionKey;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HexFormat;

/**
 * The twins of the examples. Their secrets stand here for all to read: they are of use on one's own
 * machine and nowhere else.
 *
 * @param id on the relay's registry
 * @param type of its account
 * @param secret from which both its keys are made
 */
record DemoTwin(long id, KeyType type, String secret) {
    static final DemoTwin CALCULATOR = new DemoTwin(900_001, KeyType.SR25519, seed(1));
    static final DemoTwin CALLER = new DemoTwin(900_002, KeyType.ED25519, seed(2));
    static final DemoTwin CHAT = new DemoTwin(900_003, KeyType.SR25519, seed(3));

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CREATED = 201;
    private static final int CONFLICT = 409;

    private static String seed(int number) {
        return "0x" + "%064x".formatted(0xE4A3_0000L + number);
    }

    /** A client of this twin, which is registered first if it is not. */
    RmbClientBuilder at(Relay relay) throws IOException, InterruptedException {
        register(relay.admin());
        return RmbClient.builder().relay(relay.address()).twin(id).secret(secret).keyType(type);
    }

    private void register(URI admin) throws IOException, InterruptedException {
        ObjectNode twin = JsonNodeFactory.instance.objectNode().put("id", id);
        try (KeyPair keys = KeyPair.of(type, secret);
                EncryptionKey key = EncryptionKey.of(secret)) {
            twin.put("account", keys.account().toString());
            twin.put("pk", "0x" + HexFormat.of().formatHex(key.publicKey()));
        }
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(admin.resolve("/api/v1/twins"))
                            .timeout(PATIENCE)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(twin.toString()))
                            .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            // It is there already after the first time.
            if (answer.statusCode() != CREATED && answer.statusCode() != CONFLICT) {
                throw new IOException("the relay does not register a twin: " + answer.body());
            }
        }
    }
}
