package dev.rmb.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.util.DataSize;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Says in an operator's words why a value was refused. */
final class Complaint {
    private static final Set<Class<?>> WHOLE_NUMBERS =
            Set.of(int.class, long.class, short.class, Integer.class, Long.class, Short.class);
    private static final Set<Class<?>> NUMBERS =
            Set.of(double.class, float.class, Double.class, Float.class);

    private Complaint() {}

    static String about(JsonProcessingException refusal, JavaType type, JsonNode node) {
        if (type.getRawClass() == DataSize.class) {
            return "'" + node.asText() + "' is not " + wanted(type.getRawClass());
        }
        for (Throwable t = refusal.getCause(); t != null; t = t.getCause()) {
            if (t instanceof IllegalArgumentException e && !(t instanceof NumberFormatException)) {
                return text(e);
            }
        }
        return node.isValueNode()
                ? "'" + node.asText() + "' is not " + wanted(type.getRawClass())
                : "must be " + wanted(type.getRawClass());
    }

    static String text(IllegalArgumentException e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private static String wanted(Class<?> type) {
        if (WHOLE_NUMBERS.contains(type)) {
            return "a whole number" + (type == int.class ? " within 32 bits" : "");
        }
        if (NUMBERS.contains(type)) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Duration.class || type == io.dropwizard.util.Duration.class) {
            return "a duration such as 500ms, 5s or 2m";
        }
        if (type == DataSize.class) {
            return "a size such as 64KiB or 16MiB";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(c -> c.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        return type == String.class ? "a text" : "a " + type.getSimpleName();
    }
}
