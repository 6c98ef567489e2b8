package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first page, command by command, each as a process of its own. */
final class QuickStartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;

    @Test
    void twoDemoTwinsTalkThroughAFreshRelay() throws Exception {
        try (RelayProcess relay =
                RelayProcess.start(
                        directory.resolve("relay.log"),
                        "up",
                        "--data",
                        directory.resolve("data").toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--admin",
                        "127.0.0.1:0")) {
            String admin = relay.admin().toString();
            Path alice = directory.resolve("alice.key");
            Path bob = directory.resolve("bob.key");
            run(
                    "twin",
                    "create",
                    "--admin",
                    admin,
                    "--id",
                    "1",
                    "--mnemonic-file",
                    alice.toString());
            run("twin", "create", "--admin", admin, "--id", "2", "--mnemonic-file", bob.toString());
            String exported = run("twin", "export", "--admin", admin);
            assertThat(exported.lines()).hasSize(2);
            Path file = Files.writeString(directory.resolve("twins.jsonl"), exported);
            assertThat(run("twin", "import", "--admin", admin, file.toString()))
                    .isEqualTo("0 registered, 0 changed, 2 as they were\n");
            Files.writeString(
                    file,
                    exported.replace("localhost", "r.example.org")
                            + "{\"id\":3,\"account\":\"0x%s\"}\n".formatted("03".repeat(32)));
            assertThat(run("twin", "import", "--admin", admin, file.toString()))
                    .isEqualTo("1 registered, 2 changed, 0 as they were\n");
            Files.writeString(file, exported);
            run("twin", "delete", "--admin", admin, "3");
            assertThat(run("twin", "import", "--admin", admin, file.toString()))
                    .isEqualTo("0 registered, 2 changed, 0 as they were\n");
            assertThat(run("twin", "export", "--admin", admin)).isEqualTo(exported);

            Path heard = directory.resolve("listen.out");
            Process listen =
                    command(
                                    "listen",
                                    "--relay",
                                    relay.ws().toString(),
                                    "--twin",
                                    "2",
                                    "--key-file",
                                    bob.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(heard.toFile())
                            .start();
            try {
                await().atMost(PATIENCE)
                        .until(() -> Files.readString(heard).contains("listening as 2"));
                String answer =
                        run(
                                "call",
                                "--relay",
                                relay.ws().toString(),
                                "--twin",
                                "1",
                                "--key-file",
                                alice.toString(),
                                "2",
                                "echo",
                                "hello, bob");
                assertThat(answer).isEqualTo("hello, bob\n");
                assertThat(Files.readString(heard)).contains("from 1: echo hello, bob");
                assertThat(
                                run(
                                        "call",
                                        "--json",
                                        "--relay",
                                        relay.ws().toString(),
                                        "--twin",
                                        "1",
                                        "--key-file",
                                        alice.toString(),
                                        "2",
                                        "echo",
                                        "again"))
                        .startsWith(
                                "{\"from\":\"2\",\"payload\":\"again\",\"encrypted\":true,\"tookMs\":");
                assertThat(run("twin", "find", "--relay", relay.ws().toString(), "2"))
                        .isEqualTo(run("twin", "show", "--admin", admin, "2"));
            } finally {
                listen.destroy();
                assertThat(listen.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** Runs a command to its end and returns what it printed. */
    private String run(String... arguments) throws Exception {
        Path errors = directory.resolve("errors.txt");
        Process process = command(arguments).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .describedAs(() -> String.join(" ", arguments) + "\n" + read(errors))
                .isZero();
        return output;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(RelayProcess.java());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
