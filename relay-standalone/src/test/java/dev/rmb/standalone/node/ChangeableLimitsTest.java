package dev.rmb.standalone.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rmb.cluster.limits.LimitKind;
import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be changed at run time is what may be configured. */
final class ChangeableLimitsTest {
    static List<LimitKind> kinds() {
        return Node.LIMITS;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aChangeTakesTheValuesThatTheConfigurationTakes(LimitKind kind) {
        assertThatCode(() -> configure(kind, kind.least())).doesNotThrowAnyException();
        assertThatThrownBy(() -> configure(kind, kind.least() - 1))
                .isInstanceOf(ConfigException.class);
        if (kind.unit() == LimitKind.Unit.COUNT) {
            assertThatCode(() -> configure(kind, kind.most())).doesNotThrowAnyException();
            assertThatThrownBy(() -> configure(kind, kind.most() + 1))
                    .isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void theReferenceMarksEachOfThemAndNoOther() throws Exception {
        List<String> marked =
                Files.readAllLines(Path.of("../docs/configuration.md")).stream()
                        .filter(line -> line.startsWith("| `") && line.contains("[changeable]"))
                        .map(line -> line.split("`", 3)[1])
                        .toList();

        assertThat(marked)
                .containsExactlyInAnyOrderElementsOf(
                        kinds().stream().map(LimitKind::name).toList());
    }

    private static RelayConfig configure(LimitKind kind, long value) {
        List<String> path = Arrays.asList(kind.name().split("\\."));
        String unit = kind.unit() == LimitKind.Unit.BYTES ? "B" : "";
        String yaml =
                "{kafka: {bootstrap.servers: 'x:1'}, "
                        + String.join(": {", path)
                        + ": "
                        + value
                        + unit
                        + "}".repeat(path.size());
        return ConfigLoader.parse(yaml, RelayConfig.class, Map.of());
    }
}
