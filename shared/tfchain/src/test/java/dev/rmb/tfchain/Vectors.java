package dev.rmb.tfchain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.tfchain.metadata.Metadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the chain's own libraries make of it. */
public final class Vectors {
    private static final JsonNode ALL = json();

    private Vectors() {}

    public static Stream<JsonNode> of(String name) {
        return StreamSupport.stream(ALL.path(name).spliterator(), false);
    }

    public static JsonNode at(String name) {
        return ALL.path(name);
    }

    public static byte[] metadataBytes() {
        return read("tfchain-metadata.scale");
    }

    public static Metadata metadata() {
        return Metadata.parse(metadataBytes());
    }

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static JsonNode json() {
        try {
            return new ObjectMapper().readTree(read("tfchain.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
