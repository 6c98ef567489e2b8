package dev.rmb.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenFileTest {
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KnownToken one = token("one", Role.VIEWER);
    private final KnownToken two = token("two", Role.ADMIN);
    @TempDir Path directory;

    private static KnownToken token(String name, Role role) {
        return AccessToken.random(new SecureRandom()).known(name, role);
    }

    @Test
    void aChangedFileIsInUseWithoutARestart() throws Exception {
        Path file = Files.write(directory.resolve("tokens"), List.of("# people", "", one.line()));
        try (TokenFile tokens = TokenFile.open(file, LOOK)) {
            assertThat(tokens.tokens()).containsExactly(one);

            Files.write(file, List.of(two.line(), "  " + one.line()));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(tokens.tokens()).containsExactly(two, one));
        }
    }

    @Test
    void aFileThatIsBrokenOrGoneLeavesWhatWasReadBefore() throws Exception {
        Path file = Files.write(directory.resolve("tokens"), List.of(one.line()));
        try (TokenFile tokens = TokenFile.open(file, LOOK)) {
            Files.writeString(file, "two admin");
            Files.delete(file);
            Files.write(file, List.of("nonsense"));
            assertThat(tokens.tokens()).containsExactly(one);

            Files.write(file, List.of(two.line()));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(tokens.tokens()).containsExactly(two));
        }
    }

    @Test
    void anErrorNamesTheLineAndNeverQuotesASecret() throws Exception {
        String secret = AccessToken.random(new SecureRandom()).secret();
        Path file =
                Files.write(
                        directory.resolve("tokens"), List.of(one.line(), "two admin " + secret));

        assertThatThrownBy(() -> TokenFile.check(file))
                .hasMessageContaining("line 2")
                .hasMessageContaining("sha256:")
                .satisfies(e -> assertThat(e.toString()).doesNotContain(secret));
    }

    @Test
    void whatIsNoFileOfTokensIsRefused() throws Exception {
        assertThatThrownBy(() -> TokenFile.check(directory.resolve("none")))
                .hasMessageContaining("there is no file");
        Path large = Files.write(directory.resolve("large"), new byte[300 << 10]);
        assertThatThrownBy(() -> TokenFile.check(large)).hasMessageContaining("too large");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {-1, -2});
        assertThatThrownBy(() -> TokenFile.check(binary)).hasMessageContaining("UTF-8");
        Path role = Files.writeString(directory.resolve("role"), one.line().replace("view", "see"));
        assertThatThrownBy(() -> TokenFile.check(role))
                .hasMessageContaining("viewer, operator and admin");
    }
}
