package dev.rmb.standalone.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.server.config.HostPort;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} names every setting with its default, and none that is not there.
 */
final class ConfigurationReferenceTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `([a-z]+\\.[A-Za-z.]+)` \\| (?:`(.*?)`|[^|]+?) \\| [^|]+ \\|");

    @Test
    void theReferenceNamesEverySettingWithItsDefault() throws Exception {
        TreeMap<String, String> settings = new TreeMap<>();
        for (RecordComponent section : RelayConfig.class.getRecordComponents()) {
            collect(section.getName(), section.getType(), settings);
        }

        TreeMap<String, String> documented = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("../docs/configuration.md")));
        while (row.find()) {
            documented.put(row.group(1), row.group(2) == null ? "" : row.group(2));
        }

        assertThat(documented).isEqualTo(settings);
    }

    private static void collect(String path, Class<?> type, Map<String, String> into) {
        if (!type.isRecord() || type == HostPort.class) {
            return;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            JsonProperty json = annotation(type, component, JsonProperty.class);
            if (annotation(type, component, JsonAnySetter.class) != null) {
                continue;
            }
            String name =
                    json == null || json.value().isEmpty() ? component.getName() : json.value();
            String value = json == null ? "" : json.defaultValue();
            Class<?> inner = component.getType();
            if (inner.isRecord() && inner != HostPort.class) {
                collect(path + "." + name, inner, into);
            } else {
                into.put(path + "." + name, value);
            }
        }
    }

    /** Annotations of a component that cannot stand on components themselves are on its field. */
    private static <A extends java.lang.annotation.Annotation> A annotation(
            Class<?> type, RecordComponent component, Class<A> annotation) {
        try {
            return type.getDeclaredField(component.getName()).getAnnotation(annotation);
        } catch (NoSuchFieldException e) {
            throw new AssertionError(
                    type.getSimpleName()
                            + java.util.Arrays.stream(type.getDeclaredFields())
                                    .map(Object::toString)
                                    .collect(Collectors.joining(", ")),
                    e);
        }
    }
}
