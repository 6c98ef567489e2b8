package dev.rmb.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.testing.TestAuthority;
import dev.rmb.testing.TestIdentity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What users see of commands that do not serve: output, errors, exit codes. */
final class CommandLineTest {
    @TempDir Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "gateway",
                "router",
                "check",
                "twin",
                "key",
                "listen",
                "call",
                "twin create",
                "twin find"
            })
    void everyCommandExplainsItself(String command) {
        List<String> words = new java.util.ArrayList<>(List.of(command.split(" ")));
        words.add("--help");

        assertThat(run(words.toArray(String[]::new))).isZero();
        assertThat(out.toString()).contains("Usage: relay " + command);
    }

    @Test
    void aWrongCommandLineIsExplainedWithExitCode2() {
        assertThat(run("fly")).isEqualTo(2);
        assertThat(run("up", "--listen", "nowhere")).isEqualTo(2);
        assertThat(err.toString()).contains("fly").contains("'nowhere' has no port");
        assertThat(run()).isEqualTo(2);
    }

    @Test
    void twinsFromAnUnknownSourceAreRefused() {
        assertThat(run("up", "--data", directory.toString(), "--twins", "oracle")).isEqualTo(1);
        assertThat(err.toString()).contains("--twins oracle is no source of twins");
    }

    @Test
    void checkAcceptsTheExampleThatIsShipped() {
        assertThat(run("check", "../deploy/relay.yaml")).describedAs(err.toString()).isZero();
        assertThat(out.toString()).contains("the configuration is valid");
    }

    @Test
    void checkNamesEverythingThatIsWrong() throws Exception {
        Path config =
                Files.writeString(
                        directory.resolve("relay.yaml"),
                        """
                        gateway: {listne: '127.0.0.1:0'}
                        router: {listen: nonsense}
                        kafka: {bootstrap.servers: 'b:9092', securty.protocol: SSL}
                        """);

        assertThat(run("check", config.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains("gateway.listne")
                .contains("listen")
                .contains("router.listen")
                .contains("securty.protocol")
                .doesNotContain("\tat ");
    }

    @Test
    void checkLooksIntoTheTlsFiles() throws Exception {
        TestIdentity files =
                new TestAuthority("cluster").identity("pod").writeTo(directory.resolve("tls"));
        String tls =
                "links: {tls: {certificate: '%s', key: '%s', trust: '%s'}}"
                        .formatted(files.certificate(), files.key(), files.trust());
        Path config =
                Files.writeString(
                        directory.resolve("relay.yaml"),
                        "gateway: {%s}\nrouter: {%s}\nkafka: {bootstrap.servers: 'b:9092'}\n"
                                .formatted(tls, tls));

        assertThat(run("check", config.toString())).describedAs(err.toString()).isZero();

        new TestAuthority("somebody else").writeTrust(files.trust());
        assertThat(run("check", config.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains("gateway.links.tls: the certificate in " + files.certificate())
                .contains("router.links.tls: ")
                .doesNotContain("\tat ");
    }

    @Test
    void aNewSecretIsWrittenOnceAndItsAccountShown() throws Exception {
        Path file = directory.resolve("alice.key");

        assertThat(run("key", "create", "--out", file.toString())).isZero();
        assertThat(Files.readString(file).strip().split(" ")).hasSize(24);
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        String secret = Files.readString(file);
        assertThat(run("key", "create", "--out", file.toString())).isEqualTo(1);
        assertThat(Files.readString(file)).isEqualTo(secret);
        assertThat(run("key", "show", "--key-file", file.toString())).isZero();
        assertThat(out.toString()).contains("account 0x").contains("ss58    5");
        assertThat(out + err.toString()).doesNotContain(secret.strip());
        assertThat(run("key", "show", "--json", "--key-file", file.toString())).isZero();
        assertThat(out.toString()).containsPattern("\"pk\":\"0x0[23][0-9a-f]{64}\"");
    }

    @Test
    void aCallWithoutARelayEndsWithItsOwnCode() throws Exception {
        Path file = Files.writeString(directory.resolve("k"), "0x" + "11".repeat(32));
        String[] call = {
            "call",
            "--relay",
            "ws://127.0.0.1:1",
            "--twin",
            "1",
            "--key-file",
            file.toString(),
            "2",
            "echo",
            "hello"
        };

        assertThat(run(call)).isEqualTo(6);
        assertThat(err.toString()).contains("cannot connect to ws://127.0.0.1:1");
        List<String> json = new java.util.ArrayList<>(List.of(call));
        json.add("--json");
        assertThat(run(json.toArray(String[]::new))).isEqualTo(6);
        assertThat(out.toString()).contains("{\"error\":{\"from\":\"client\"");
        assertThat(run("call", "--twin", "1", "--key-file", file.toString(), "nobody", "x"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("not an address");
    }

    @Test
    void whomNobodyCanLookUpIsSaid() {
        assertThat(run("twin", "find", "--relay", "ws://127.0.0.1:1", "7")).isEqualTo(1);
        assertThat(err.toString()).contains("no relay can be asked");
        assertThat(run("twin", "find", "--relay", "ws://127.0.0.1:1", "0xzz")).isEqualTo(1);
    }

    @Test
    void aBrokenSecretIsNotShownInTheError() throws Exception {
        Path file = Files.writeString(directory.resolve("k"), "abandon ability hunter2 zoo");

        assertThat(run("key", "show", "--key-file", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no usable secret in").doesNotContain("hunter2");
    }

    @Test
    void aRelayThatDoesNotRunIsNamed() {
        assertThat(run("twin", "list", "--admin", "http://127.0.0.1:1")).isEqualTo(1);
        assertThat(err.toString()).contains("no relay answers at http://127.0.0.1:1");
    }

    private int run(String... arguments) {
        CommandLine line = RelayCommand.line();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
