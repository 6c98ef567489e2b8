package dev.rmb.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.server.admin.AdminClient;
import dev.rmb.server.admin.AdminConfig;
import dev.rmb.server.admin.AdminServer;
import dev.rmb.server.config.HostPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class LoggersResourceTest {
    private static final String LOGGERS = "/api/v1/loggers/";

    private final AdminServer server =
            AdminServer.trustingThisMachine(
                    AdminConfig.on(HostPort.parse("127.0.0.1:0")), new MetricRegistry());
    private AdminClient client;

    @BeforeEach
    void start() {
        Logging.configure(LoggingConfig.defaults());
        server.register(new LoggersResource());
        server.start();
        client = new AdminClient(server.address());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        Logging.configure(LoggingConfig.defaults());
    }

    @Test
    void aLevelIsSetAndTakenAwayAgain() throws Exception {
        var logger = LoggerFactory.getLogger("dev.rmb.test.levels");
        assertThat(logger.isDebugEnabled()).isFalse();

        var set = client.send("PUT", LOGGERS + "dev.rmb.test", "{'level':'debug'}");
        assertThat(set.status()).isEqualTo(200);
        assertThat(logger.isDebugEnabled()).isTrue();
        assertThat(client.get(LOGGERS + "dev.rmb.test.levels").text())
                .isEqualTo(
                        "{\"name\":\"dev.rmb.test.levels\",\"level\":null,\"effective\":\"debug\"}");
        assertThat(client.get("/api/v1/loggers").text())
                .contains("{\"name\":\"dev.rmb.test\",\"level\":\"debug\"}")
                .contains("\"name\":\"ROOT\"");

        client.send("PUT", LOGGERS + "dev.rmb.test", "{'level':null}");
        assertThat(logger.isDebugEnabled()).isFalse();
        assertThat(client.get(LOGGERS + "dev.rmb.test").json().path("effective").asText())
                .isEqualTo("info");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "dev.rmb.test | {'level':'loud'}  | level is one of off, error",
                "dev.rmb.test | {'level':1}       | level must be a text",
                "dev.rmb.test | {}                | needs a level",
                "dev.rmb.test | {'lovel':'info'}  | there is no field 'lovel'",
                "dev.rmb.test | []                | must be a JSON object",
                "ROOT         | {'level':null}    | no logger above ROOT",
                "a%20b        | {'level':'info'}  | a logger's name has letters",
                "dev.rmb.audit | {'level':'off'}  | in the configuration alone",
                "dev.rmb.audit | {'level':null}   | in the configuration alone",
                "org.eclipse.jetty.http | {'level':'debug'} | writes tokens or messages down",
                "io.grpc.netty          | {'level':'trace'} | writes tokens or messages down",
            })
    void whatCannotBeSetIsRefused(String name, String body, String detail) throws Exception {
        var answer = client.send("PUT", LOGGERS + name, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.detail()).contains(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ROOT", "dev", "dev.rmb"})
    void nobodySilencesTheAuditLog(String logger) throws Exception {
        var audit = LoggerFactory.getLogger("dev.rmb.audit");

        assertThat(client.send("PUT", LOGGERS + logger, "{'level':'off'}").status()).isEqualTo(200);

        assertThat(audit.isInfoEnabled()).isTrue();
        assertThat(client.get(LOGGERS + "dev.rmb.audit").json().path("effective").asText())
                .isEqualTo("info");
    }

    @Test
    void theLevelOfAllDoesNotReachWhatWritesSecretsDown() throws Exception {
        client.send("PUT", LOGGERS + "ROOT", "{'level':'trace'}");

        assertThat(LoggerFactory.getLogger("org.eclipse.jetty.http.HttpParser").isDebugEnabled())
                .isFalse();
        assertThat(LoggerFactory.getLogger("io.grpc.netty.NettyServerHandler").isDebugEnabled())
                .isFalse();
        client.send("PUT", LOGGERS + "ROOT", "{'level':'info'}");
    }
}
