package dev.rmb.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the libraries of existing peers made, from {@code src/test/resources/vectors}. */
public final class Vectors {
    private Vectors() {}

    /** The entries of the file {@code name.json}, which holds one list of that name. */
    public static Stream<JsonNode> of(String name) {
        try (InputStream json =
                Objects.requireNonNull(
                        Vectors.class.getResourceAsStream("/vectors/" + name + ".json"))) {
            JsonNode entries = new ObjectMapper().readTree(json).get(name);
            return StreamSupport.stream(entries.spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of a field written in hex, without {@code 0x}. */
    public static byte[] bytes(JsonNode entry, String field) {
        return HexFormat.of().parseHex(entry.get(field).textValue());
    }
}
