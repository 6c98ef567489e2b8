package dev.rmb.bench;

import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.bench.twins.TwinRegistration;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Whether and where the demo twins of a run are registered. */
final class DemoTwinOptions {
    private static final Duration HTTP_CONNECT_TIMEOUT = Duration.ofSeconds(5);

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "where the demo twins are registered (default: ${DEFAULT-VALUE})")
    private URI admin = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:RMB_ADMIN_TOKEN}",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "of the role admin, for that (default: RMB_ADMIN_TOKEN of the environment)")
    private @Nullable String token;

    @Option(
            names = "--no-register",
            description = "the relay knows the demo twins already, or needs not (bench hub)")
    private boolean noRegister;

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            description = "the relay domain of the demo twins (default: the relay's own)")
    private @Nullable String domain;

    /** {@code null}: the relay's own. */
    @Nullable String domain() {
        return domain;
    }

    boolean isToRegister() {
        return !noRegister;
    }

    /**
     * Registers what is missing, unless that is not wanted.
     *
     * @return how many were new
     * @throws dev.rmb.bench.twins.RegistrationException if a twin could not be registered
     */
    int register(List<DemoTwin> twins) throws InterruptedException {
        if (noRegister) {
            return 0;
        }
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(HTTP_CONNECT_TIMEOUT).build()) {
            return new TwinRegistration(http, admin, domain, token).register(twins);
        }
    }
}
