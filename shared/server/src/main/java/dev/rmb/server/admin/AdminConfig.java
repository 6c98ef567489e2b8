package dev.rmb.server.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rmb.server.access.KnownToken;
import dev.rmb.server.config.HostPort;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code admin} section.
 *
 * @param listen where health, metrics and the admin API are served
 * @param advertised where other pods reach that; absent: as {@code listen}
 * @param tls absent: plain HTTP
 * @param insecure whether tokens may cross a network without TLS
 * @param tokens who may use the admin API
 * @param tokenFile more of them, one a line: name, role, hash; followed for changes
 * @param openMetrics whether metrics need no token
 */
public record AdminConfig(
        @JsonProperty(defaultValue = "127.0.0.1:8081") HostPort listen,
        @Nullable HostPort advertised,
        @Nullable AdminTlsSettings tls,
        @JsonProperty(defaultValue = "false") boolean insecure,
        @JsonProperty(defaultValue = "[]") List<KnownToken> tokens,
        @Nullable Path tokenFile,
        @JsonProperty(defaultValue = "true") boolean openMetrics) {

    /** Each request is compared with all of them. */
    private static final int MAX_TOKENS = 1000;

    public AdminConfig {
        tokens = List.copyOf(tokens);
        if (tokens.size() > MAX_TOKENS) {
            throw new IllegalArgumentException("tokens: there are more than " + MAX_TOKENS);
        }
        if (!listen.isLoopback()) {
            refuseUnguarded(listen, tls, insecure, tokens, tokenFile);
        }
    }

    private static void refuseUnguarded(
            HostPort listen,
            @Nullable AdminTlsSettings tls,
            boolean insecure,
            List<KnownToken> tokens,
            @Nullable Path tokenFile) {
        String reached = "listen: '" + listen + "' can be reached from other machines";
        if (tokens.isEmpty() && tokenFile == null) {
            throw new IllegalArgumentException(
                    reached
                            + ", and there are no tokens: set tokens or tokenFile (see relay token"
                            + " create), or use 127.0.0.1, [::1] or localhost");
        }
        if (tls == null && !insecure) {
            throw new IllegalArgumentException(
                    reached
                            + ", and tokens would cross the network in plain text: set tls; or"
                            + " insecure, where something in front encrypts");
        }
    }

    /** Plain, without tokens. */
    public static AdminConfig on(HostPort listen) {
        return new AdminConfig(listen, null, null, false, List.of(), null, true);
    }

    /** Whether there is any token to be had. */
    boolean hasTokens() {
        return !tokens.isEmpty() || tokenFile != null;
    }
}
