package dev.rmb.server.twins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.protocol.identity.AccountId;
import dev.rmb.server.admin.ProblemException;
import dev.rmb.twins.Twin;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A twin in a request: {@code {"id":7,"account":"0x…","relay":"…","pk":"0x…"}}, whichever of them
 * there are. Unlike a record it tells a field that is absent from one that is {@code null}.
 */
final class TwinBody {
    private static final Set<String> FIELDS = Set.of("id", "account", "relay", "pk");
    private static final String HEX = "0x";

    private final ObjectNode fields;

    private TwinBody(ObjectNode fields) {
        this.fields = fields;
    }

    /**
     * @throws ProblemException (400) if it is no object, or has other fields
     */
    static TwinBody of(@Nullable JsonNode body) {
        if (!(body instanceof ObjectNode fields)) {
            throw ProblemException.badRequest("the body must be a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw ProblemException.badRequest(
                        "there is no field '"
                                + field.getKey()
                                + "'; known are "
                                + String.join(", ", new TreeSet<>(FIELDS)));
            }
        }
        return new TwinBody(fields);
    }

    boolean has(String field) {
        return fields.has(field);
    }

    /** {@code null} if absent. */
    @Nullable Long id() {
        JsonNode id = fields.path("id");
        if (id.isMissingNode() || id.isNull()) {
            return null;
        }
        if (!id.isIntegralNumber()
                || !id.canConvertToLong()
                || id.longValue() < 1
                || id.longValue() > Twin.MAX_ID) {
            throw ProblemException.badRequest("id must be a whole number from 1 to " + Twin.MAX_ID);
        }
        return id.longValue();
    }

    AccountId account() {
        String text = text("account");
        if (text == null) {
            throw ProblemException.badRequest("account is missing: 32 bytes in hex, or SS58");
        }
        try {
            return AccountId.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("account: " + e.getMessage());
        }
    }

    @Nullable String relay() {
        return text("relay");
    }

    byte @Nullable [] pk() {
        String text = text("pk");
        if (text == null) {
            return null;
        }
        try {
            return HexFormat.of()
                    .parseHex(text.startsWith(HEX) ? text.substring(HEX.length()) : text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("pk must be hex digits after 0x");
        }
    }

    private @Nullable String text(String field) {
        JsonNode value = fields.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw ProblemException.badRequest(field + " must be a text");
        }
        return value.textValue();
    }
}
