package dev.rmb.server.limits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.cluster.limits.LimitChange;
import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.cluster.limits.Limits;
import dev.rmb.server.admin.JsonFields;
import dev.rmb.server.admin.ProblemException;
import io.dropwizard.util.DataSize;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Limits in answers, and in requests: {@code {"value":600}}, with {@code "reason"} if there is. */
final class LimitJson {
    static final String VALUE = "value";
    static final String REASON = "reason";
    static final String PODS = "pods";

    private static final Set<String> FIELDS = Set.of(VALUE, REASON);
    private static final String POD = "pod";

    private LimitJson() {}

    /**
     * @throws ProblemException (400) that says what may stand there
     */
    static LimitChange change(LimitKind kind, @Nullable JsonNode body, Instant now) {
        JsonFields fields = JsonFields.of(body, FIELDS);
        Long value = value(kind, fields.value(VALUE));
        if (value == null || !kind.allows(value)) {
            throw ProblemException.badRequest(allowed(kind));
        }
        try {
            return new LimitChange(kind.name(), value, fields.text(REASON), now);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** The limit, and what this pod says of it if it has it. */
    static ObjectNode write(LimitKind kind, Limits limits, String pod) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", kind.name());
        body.put("unit", kind.unit().name().toLowerCase(Locale.ROOT));
        body.put("least", kind.least());
        body.put("most", kind.most());
        limits.change(kind.name())
                .ifPresent(change -> {
                    body.put("changed", change.value());
                    body.put("since", change.since().toString());
                    if (change.reason() != null) {
                        body.put(REASON, change.reason());
                    }
                });
        ArrayNode pods = body.putArray(PODS);
        limits.own().stream()
                .filter(limit -> limit.kind().equals(kind))
                .forEach(limit ->
                        pods.addObject()
                                .put(POD, pod)
                                .put("configured", limit.configured())
                                .put("inForce", limit.inForce()));
        return body;
    }

    /** What another pod says of the limit, in the order of pods. */
    static void add(ObjectNode limit, JsonNode pod) {
        ArrayNode pods = limit.withArray(PODS);
        int at = 0;
        while (at < pods.size()
                && pods.get(at).path(POD).asText().compareTo(pod.path(POD).asText()) < 0) {
            at++;
        }
        pods.insert(at, pod);
    }

    private static @Nullable Long value(LimitKind kind, @Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        if (value.isTextual() && kind.unit() == LimitKind.Unit.BYTES) {
            try {
                return DataSize.parse(value.textValue()).toBytes();
            } catch (IllegalArgumentException | ArithmeticException e) {
                return null;
            }
        }
        return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
    }

    private static String allowed(LimitKind kind) {
        String what =
                switch (kind.unit()) {
                    case COUNT -> "must be a whole number";
                    case BYTES -> "must be bytes, as a whole number or a text such as \"64MiB\",";
                };
        return "%s of %s %s from %d to %d%s"
                .formatted(
                        VALUE,
                        kind.name(),
                        what,
                        kind.least(),
                        kind.most(),
                        kind.zeroIsNone() ? "; 0 is no limit" : "");
    }
}
