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
                "token",
                "token create",
                "listen",
                "call",
                "twin create",
                "twin find",
                "sessions",
                "mailboxes",
                "partitions",
                "pods",
                "trace"
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
    void aFileThatNamesAnAccountTwiceIsRefusedBeforeAnythingIsImported() throws Exception {
        String line = "{\"id\":%d,\"account\":\"0x%s\"}\n";
        Path file =
                Files.writeString(
                        directory.resolve("twins.jsonl"),
                        line.formatted(7, "07".repeat(32)) + line.formatted(8, "07".repeat(32)));

        assertThat(run("twin", "import", "--admin", "http://127.0.0.1:1", file.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains(file + ", line 2: account ", "is in line 1 already");
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
    void aTokenIsPrintedWithTheLineThatRelaysAreTold() throws Exception {
        assertThat(run("token", "create", "--role", "operator", "--name", "alice")).isZero();

        List<String> printed = out.toString().lines().toList();
        assertThat(printed).hasSize(2);
        assertThat(printed.get(0)).matches("rmb_[A-Za-z0-9_-]{43}");
        assertThat(printed.get(1)).matches("alice operator sha256:[0-9a-f]{64}");
    }

    @Test
    void tokensAreAddedToAFileThatCheckAccepts() throws Exception {
        Path tokens = Files.writeString(directory.resolve("tokens"), "# people");
        String[] create = {"token", "create", "--role", "viewer", "--file", tokens.toString()};
        assertThat(run(create)).isZero();
        assertThat(run(create)).isZero();
        assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("rmb_"));
        assertThat(Files.readAllLines(tokens)).hasSize(3).first().isEqualTo("# people");

        Path config =
                Files.writeString(
                        directory.resolve("relay.yaml"),
                        "kafka: {bootstrap.servers: 'b:9092'}\nadmin: {tokenFile: '%s'}\n"
                                .formatted(tokens));
        assertThat(run("check", config.toString())).describedAs(err.toString()).isZero();
        Files.writeString(tokens, "alice operator secret");
        assertThat(run("check", config.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("admin.tokenFile: ").contains("line 1");
        assertThat(err.toString()).doesNotContain("secret");
    }

    @Test
    void aRoleThatDoesNotExistIsAWrongCommandLine() {
        assertThat(run("token", "create", "--role", "emperor")).isEqualTo(2);
        assertThat(run("token", "create", "--role", "viewer", "--name", "a b")).isEqualTo(2);
        assertThat(err.toString()).contains("letters, digits");
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
