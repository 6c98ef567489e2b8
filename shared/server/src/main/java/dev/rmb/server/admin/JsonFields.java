package dev.rmb.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object in a request. Unlike a record it tells a field that is absent from
 * one that is {@code null}.
 */
public final class JsonFields {
    private final ObjectNode fields;

    private JsonFields(ObjectNode fields) {
        this.fields = fields;
    }

    /**
     * @throws ProblemException (400) if it is no object, or has other fields than those known
     */
    public static JsonFields of(@Nullable JsonNode body, Set<String> known) {
        if (!(body instanceof ObjectNode fields)) {
            throw ProblemException.badRequest("the body must be a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!known.contains(field.getKey())) {
                throw ProblemException.badRequest(
                        "there is no field '"
                                + field.getKey()
                                + "'; known are "
                                + String.join(", ", new TreeSet<>(known)));
            }
        }
        return new JsonFields(fields);
    }

    /** Whether it is there, be it {@code null}. */
    public boolean has(String field) {
        return fields.has(field);
    }

    /** {@code null} if it is absent, or {@code null}. */
    public @Nullable JsonNode value(String field) {
        JsonNode value = fields.path(field);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    /**
     * Likewise, of a text.
     *
     * @throws ProblemException (400) if it is none
     */
    public @Nullable String text(String field) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw ProblemException.badRequest(field + " must be a text");
        }
        return value.textValue();
    }
}
