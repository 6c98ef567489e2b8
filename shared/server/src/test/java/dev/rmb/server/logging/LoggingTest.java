package dev.rmb.server.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rmb.server.config.ConfigException;
import dev.rmb.server.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class LoggingTest {
    private final PrintStream standardError = System.err;
    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        System.setErr(standardError);
        System.setOut(standardOutput);
        Logging.configure(LoggingConfig.defaults());
    }

    private void configure(String yaml) {
        System.setErr(new PrintStream(logged, true, UTF_8));
        System.setOut(new PrintStream(printed, true, UTF_8));
        Logging.configure(ConfigLoader.parse(yaml, LoggingConfig.class, Map.of()));
    }

    private List<String> lines() {
        assertThat(printed.toString(UTF_8)).as("standard output").isEmpty();
        return logged.toString(UTF_8).lines().toList();
    }

    @Test
    void anEmptySectionGivesTheDefaults() {
        assertThat(ConfigLoader.parse("", LoggingConfig.class, Map.of()))
                .isEqualTo(LoggingConfig.defaults());
    }

    @Test
    void anEventIsOneLineWhateverIsInIt() {
        configure("");

        LoggerFactory.getLogger("dev.rmb.test")
                .error(
                        "two\nlines\r\nand more",
                        new IllegalStateException("outer", new RuntimeException("in\nner")));

        assertThat(lines())
                .singleElement()
                .asString()
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z ERROR \\[.+\\] dev\\.rmb\\.test: two \\| lines.*")
                .contains("lines | and more")
                .contains("java.lang.IllegalStateException: outer")
                .contains("in | ner");
    }

    @Test
    void whatATerminalWouldObeyIsNotInALine() {
        configure("");

        LoggerFactory.getLogger("dev.rmb.test").error("a\u001b[2J\u0000b\u2028c\u009bd\te");

        assertThat(lines()).singleElement().asString().endsWith("a?[2J?b?c?d\te");
    }

    @Test
    void noisyLibrariesAreQuietUnlessAskedFor() {
        configure("");
        LoggerFactory.getLogger("org.apache.kafka.clients").info("chatter");
        LoggerFactory.getLogger("org.apache.kafka.clients").warn("trouble");
        LoggerFactory.getLogger("kafka.server").warn("chatter");
        LoggerFactory.getLogger("dev.rmb").debug("detail");
        LoggerFactory.getLogger("dev.rmb").info("news");
        assertThat(lines()).hasSize(2);

        logged.reset();
        configure("{level: warn, loggers: {org.apache.kafka: info, dev.rmb.gateway: debug}}");
        LoggerFactory.getLogger("org.apache.kafka.clients").info("chatter");
        LoggerFactory.getLogger("dev.rmb").info("news");
        LoggerFactory.getLogger("dev.rmb.gateway.x").debug("detail");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void javaUtilLoggingGoesTheSameWay() {
        configure("");

        java.util.logging.Logger.getLogger("some.library").warning("from elsewhere");

        assertThat(lines()).singleElement().asString().contains("some.library: from elsewhere");
    }

    @Test
    void jsonIsOneObjectALine() throws Exception {
        configure("format: json");

        LoggerFactory.getLogger("dev.rmb.test").warn("two\nlines for {}", 7);

        var event = new ObjectMapper().readTree(lines().get(0));
        assertThat(lines()).hasSize(1);
        assertThat(event.path("level").asText()).isEqualTo("WARN");
        assertThat(event.path("loggerName").asText()).isEqualTo("dev.rmb.test");
        assertThat(event.path("formattedMessage").asText()).isEqualTo("two\nlines for 7");
    }

    @Test
    void whatWritesSecretsDownIsNotAskedForThem() {
        assertThatThrownBy(() -> configure("loggers: {org.eclipse.jetty: debug}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("org.eclipse.jetty writes tokens or messages down");
    }

    @Test
    void fieldsOfAnEventAreFieldsInJson() throws Exception {
        configure("format: json");

        LoggerFactory.getLogger("dev.rmb.test")
                .atInfo()
                .addKeyValue("uid", "u-1")
                .addKeyValue("session", 7L)
                .log("done");

        assertThat(new ObjectMapper().readTree(lines().get(0)).path("kvpList").toString())
                .contains("{\"uid\":\"u-1\"}")
                .contains("session");
    }

    @Test
    void aLevelThatDoesNotExistIsAnError() {
        assertThatThrownBy(() -> configure("{level: loud, loggers: {a: soft}, format: xml}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("level: 'loud' is not one of off, error")
                .hasMessageContaining("loggers.a: 'soft' is not one of")
                .hasMessageContaining("format: 'xml' is not one of text, json");
    }
}
