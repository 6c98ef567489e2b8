package dev.rmb.standalone;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Twins 1 to n with keys that follow from their ids; even ones sr25519, odd ones ed25519. */
final class TestTwins {
    private TestTwins() {}

    static KeyPair key(long twin) {
        return KeyPair.of(
                twin % 2 == 0 ? KeyType.SR25519 : KeyType.ED25519, "0x" + "%064x".formatted(twin));
    }

    /** Writes the first {@code count} twins as the JSON lines that {@code --twins file:} reads. */
    static Path write(Path file, int count) throws IOException {
        List<String> lines =
                LongStream.rangeClosed(1, count)
                        .mapToObj(twin ->
                                "{\"id\":%d,\"account\":\"%s\",\"relay\":\"localhost\"}"
                                        .formatted(twin, key(twin).account()))
                        .toList();
        return Files.write(file, lines);
    }

    /** Registers the twins of such a file with a relay's registry. */
    static void register(URI admin, Path file) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String twin : Files.readAllLines(file)) {
                HttpResponse<String> answer =
                        http.send(
                                HttpRequest.newBuilder(admin.resolve("/api/v1/twins"))
                                        .timeout(Duration.ofSeconds(30))
                                        .header("Content-Type", "application/json")
                                        .header("Authorization", RelayProcess.authorization())
                                        .POST(HttpRequest.BodyPublishers.ofString(twin))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 201) {
                    throw new AssertionError(answer.statusCode() + " " + answer.body());
                }
            }
        }
    }

    static RawPeer connect(URI relay, long twin, @Nullable String connection) throws Exception {
        return RawPeer.connect(relay, new Address(twin, connection), key(twin));
    }
}
