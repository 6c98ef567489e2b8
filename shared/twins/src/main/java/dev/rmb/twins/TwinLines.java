package dev.rmb.twins;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.protocol.identity.AccountId;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Twins as JSON lines: {@code {"id":7,"account":"0x…","relay":"…","pk":"0x…"}}. */
final class TwinLines {
    private static final Set<String> FIELDS = Set.of("id", "account", "relay", "pk");
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private TwinLines() {}

    /**
     * Reads all lines; blank ones are passed over.
     *
     * @throws IllegalArgumentException that names the line and what is wrong with it
     */
    static TwinTable read(BufferedReader lines) throws IOException {
        var table = new TwinTable();
        Map<Long, Integer> lineOfId = new HashMap<>();
        Map<AccountId, Integer> lineOfAccount = new HashMap<>();
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            Twin twin;
            try {
                twin = parse(line);
            } catch (IllegalArgumentException e) {
                throw wrong(number, String.valueOf(e.getMessage()), e);
            }
            refuseSecond(lineOfId.put(twin.id(), number), "id " + twin.id(), number);
            refuseSecond(
                    lineOfAccount.put(twin.account(), number), "account " + twin.account(), number);
            table.put(twin);
        }
        return table;
    }

    private static void refuseSecond(@Nullable Integer earlier, String what, int number) {
        if (earlier != null) {
            throw wrong(number, what + " is in line " + earlier + " already", null);
        }
    }

    /**
     * Reads one line.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static Twin parse(String line) {
        try {
            JsonNode object = JSON.readTree(line);
            if (!object.isObject()) {
                throw new IllegalArgumentException("must be a JSON object");
            }
            refuseUnknown(object);
            byte[] pk = optional(object, "pk") == null ? null : hex(text(object, "pk"));
            return TwinChecks.check(
                    new Twin(
                            id(object),
                            AccountId.parse(text(object, "account")),
                            optional(object, "relay"),
                            pk));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void refuseUnknown(JsonNode object) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no field '"
                                + name
                                + "'; known are "
                                + String.join(", ", new TreeSet<>(FIELDS)));
            }
        }
    }

    private static long id(JsonNode object) {
        JsonNode id = object.path("id");
        if (!id.isIntegralNumber() || !id.canConvertToLong()) {
            throw new IllegalArgumentException("id must be a whole number");
        }
        return id.longValue();
    }

    private static String text(JsonNode object, String field) {
        String text = optional(object, field);
        if (text == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return text;
    }

    private static @Nullable String optional(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " must be a text");
        }
        return value.textValue();
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("pk must be hex digits after 0x", e);
        }
    }

    private static IllegalArgumentException wrong(
            int number, String what, @Nullable Throwable cause) {
        return new IllegalArgumentException("line " + number + ": " + what, cause);
    }
}
