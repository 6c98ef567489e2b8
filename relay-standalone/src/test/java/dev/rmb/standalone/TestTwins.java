package dev.rmb.standalone;

import dev.rmb.protocol.Address;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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

    static RawPeer connect(URI relay, long twin, @Nullable String connection) throws Exception {
        return RawPeer.connect(relay, new Address(twin, connection), key(twin));
    }
}
