package dev.rmb.bench.twins;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Twins as the JSON lines that a relay started with {@code --twins file:PATH} reads. */
public final class TwinsFile {
    private TwinsFile() {}

    /**
     * Writes the file anew.
     *
     * @param path the file
     * @param twins what it will hold
     * @param domain the relay at which all of them are
     */
    public static void write(Path path, List<DemoTwin> twins, String domain) throws IOException {
        Files.write(path, twins.stream().map(twin -> record(twin, domain).toString()).toList());
    }

    /** A twin's record in the registry's JSON; without {@code domain} it names no relay. */
    static ObjectNode record(DemoTwin twin, @Nullable String domain) {
        ObjectNode record =
                new ObjectMapper()
                        .createObjectNode()
                        .put("id", twin.id())
                        .put("account", twin.signer().account().toString());
        return domain == null ? record : record.put("relay", domain);
    }
}
