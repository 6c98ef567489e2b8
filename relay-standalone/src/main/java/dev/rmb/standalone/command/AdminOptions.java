package dev.rmb.standalone.command;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which relay a command asks, and with which token. */
final class AdminOptions {
    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "the relay's admin address (default: ${DEFAULT-VALUE})")
    private URI admin = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:RMB_ADMIN_TOKEN}",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "the token to show (default: RMB_ADMIN_TOKEN of the environment, which other"
                            + " users of the machine do not see)")
    private @Nullable String token;

    AdminApi open() {
        return new AdminApi(admin, token == null || token.isBlank() ? null : token);
    }
}
