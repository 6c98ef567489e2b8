package dev.rmb.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120)
final class EmbeddedBrokerTest {
    @TempDir Path directory;

    @Test
    void aRecordSurvivesStopAndStartOnAnotherPort() throws Exception {
        int firstPort;
        try (var broker = EmbeddedBroker.start(directory, BrokerSettings.onFreePort())) {
            firstPort = broker.port();
            Notes.create(broker.bootstrapServers());
            Notes.write(broker.bootstrapServers(), "before");
        }

        // Taken, so that the broker cannot come back where it was.
        try (var squatter = new ServerSocket(firstPort, 1, loopback());
                var broker = EmbeddedBroker.start(directory, BrokerSettings.onFreePort())) {
            assertThat(broker.port()).isNotEqualTo(squatter.getLocalPort());
            Notes.write(broker.bootstrapServers(), "after");
            assertThat(Notes.read(broker.bootstrapServers(), 2)).containsExactly("before", "after");
        }
    }

    @Test
    void aBrokerOnAGivenPortIsThereAgainAfterARestart() throws Exception {
        int port = freePort();
        for (int start = 1; start <= 2; start++) {
            try (var broker = EmbeddedBroker.start(directory, BrokerSettings.onPort(port))) {
                assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
                if (start == 1) {
                    Notes.create(broker.bootstrapServers());
                }
                Notes.write(broker.bootstrapServers(), "start " + start);
            }
        }

        try (var broker = EmbeddedBroker.start(directory, BrokerSettings.onPort(port))) {
            assertThat(Notes.read(broker.bootstrapServers(), 2))
                    .containsExactly("start 1", "start 2");
        }
    }

    @Test
    void aTakenPortIsAnErrorThatNamesIt() throws Exception {
        try (var squatter = new ServerSocket(0, 1, loopback())) {
            var settings = BrokerSettings.onPort(squatter.getLocalPort());

            assertThatThrownBy(() -> EmbeddedBroker.start(directory, settings))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("port " + squatter.getLocalPort())
                    .hasMessageContaining("taken");
        }

        try (var broker = EmbeddedBroker.start(directory, BrokerSettings.onFreePort())) {
            assertThat(broker.port()).isPositive();
        }
    }

    @Test
    void aDirectoryInUseIsAnErrorThatNamesIt() {
        try (var broker = EmbeddedBroker.start(directory, BrokerSettings.onFreePort())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, BrokerSettings.onFreePort()))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use");
            assertThat(Notes.exist(broker.bootstrapServers())).isFalse();
        }
    }

    @Test
    void aDirectoryInUseByAnotherProcessIsAnErrorAndItsDeathFreesWhatItWrote() throws Exception {
        Process other = startWriter();
        try {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, BrokerSettings.onFreePort()))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("in use");
        } finally {
            other.destroyForcibly();
        }
        assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();

        try (var broker = EmbeddedBroker.start(directory, BrokerSettings.onFreePort())) {
            assertThat(Notes.read(broker.bootstrapServers(), 1))
                    .containsExactly(CrashingWriter.NOTE);
            Notes.write(broker.bootstrapServers(), "after the crash");
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsAnErrorThatNamesIt() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");

        assertThatThrownBy(() -> EmbeddedBroker.start(file, BrokerSettings.onFreePort()))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aDirectoryWhoseFormattingWasCutShortIsFormattedAgain() throws Exception {
        try (var formatted = DataDirectory.open(directory)) {
            formatted.formatIfNew();
        }
        Files.delete(directory.resolve("logs").resolve("meta.properties"));

        try (var broker = EmbeddedBroker.start(directory, BrokerSettings.onFreePort())) {
            Notes.create(broker.bootstrapServers());
        }
    }

    @Test
    void dataWithoutItsDescriptionIsAnErrorAndIsNotTouched() throws Exception {
        EmbeddedBroker.start(directory, BrokerSettings.onFreePort()).close();
        Path description = directory.resolve("logs").resolve("meta.properties");
        byte[] kept = Files.readAllBytes(description);
        Files.delete(description);

        assertThatThrownBy(() -> EmbeddedBroker.start(directory, BrokerSettings.onFreePort()))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("meta.properties");

        Files.write(description, kept);
        EmbeddedBroker.start(directory, BrokerSettings.onFreePort()).close();
    }

    @Test
    void aGarbledDescriptionIsAnErrorThatNamesTheDirectory() throws Exception {
        EmbeddedBroker.start(directory, BrokerSettings.onFreePort()).close();
        Files.writeString(directory.resolve("logs").resolve("meta.properties"), "garbage");

        assertThatThrownBy(() -> EmbeddedBroker.start(directory, BrokerSettings.onFreePort()))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void aRefusedBrokerPropertyIsAnErrorAndLeavesNothingBehind() {
        var bad = BrokerSettings.onFreePort().with("num.io.threads", "none");

        assertThatThrownBy(() -> EmbeddedBroker.start(directory, bad))
                .isInstanceOf(BrokerException.class)
                .hasStackTraceContaining("num.io.threads");

        EmbeddedBroker.start(directory, BrokerSettings.onFreePort()).close();
    }

    @Test
    void propertiesOfTheListenersAreTheBrokersOwn() {
        assertThatThrownBy(() -> BrokerSettings.onFreePort().with("listeners", "PLAINTEXT://:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listeners");
    }

    @Test
    void closingTwiceIsHarmlessAndAnOrderlyStopIsNoFailure() {
        var broker = EmbeddedBroker.start(directory, BrokerSettings.onFreePort());
        broker.close();
        broker.close();

        assertThat(broker.failure().toCompletableFuture()).isNotDone();
    }

    private Process startWriter() throws Exception {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CrashingWriter.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        process.getOutputStream().close();
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        assertThat(lines.readLine()).isEqualTo(CrashingWriter.READY);
        return process;
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }

    private static InetAddress loopback() throws Exception {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
