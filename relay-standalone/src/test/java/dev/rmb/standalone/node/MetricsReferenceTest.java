package dev.rmb.standalone.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.server.config.HostPort;
import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/metrics.md} names every metric that is served, and none that is not. */
final class MetricsReferenceTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z][a-z_]+)` \\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) ");
    private static final Set<String> STAGES = Set.of("accept", "route", "deliver", "total");

    @Test
    void theReferenceNamesEveryMetricAndNoOther(@TempDir Path directory) throws Exception {
        TestIdentity tls = new TestAuthority("public").identity("localhost").writeTo(directory);
        // Whatever has metrics of its own is on in one of them.
        String served =
                metrics(directory.resolve("1"), "tfchain:ws://127.0.0.1:1", tls)
                        + metrics(directory.resolve("2"), "registry", tls);

        Set<String> documented = all(ROW, Files.readString(Path.of("../docs/metrics.md")));
        documented.removeAll(STAGES);

        assertThat(all(TYPE, served)).isEqualTo(documented);
        assertThat(served.lines().filter(line -> line.startsWith("rmb_stage_seconds_count")))
                .hasSize(2 * STAGES.size())
                .allMatch(line -> STAGES.stream().anyMatch(stage -> line.contains(stage)));
    }

    private static String metrics(Path data, String twins, TestIdentity tls) throws Exception {
        StandaloneOptions options =
                new StandaloneOptions(
                        data,
                        HostPort.parse("127.0.0.1:0"),
                        HostPort.parse("127.0.0.1:0"),
                        List.of("localhost"),
                        twins,
                        false,
                        Map.of(
                                "RMB_GATEWAY_TLS_CERTIFICATE",
                                tls.certificate().toString(),
                                "RMB_GATEWAY_TLS_KEY",
                                tls.key().toString()));
        try (Node node = Standalone.start(options);
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + node.admin() + "/metrics");
            return http.send(
                            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static Set<String> all(Pattern pattern, String text) {
        var found = new TreeSet<String>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
