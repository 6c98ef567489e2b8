package dev.rmb.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.client.RmbClient;
import dev.rmb.server.config.HostPort;
import dev.rmb.standalone.node.Node;
import dev.rmb.standalone.node.Standalone;
import dev.rmb.standalone.node.StandaloneOptions;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say, at a whole relay. */
@Timeout(120)
final class ExamplesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static Node node;

    @SuppressWarnings("NullAway.Init")
    private static Relay relay;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    @BeforeAll
    static void startRelay() throws Exception {
        HostPort anyPort = HostPort.parse("127.0.0.1:0");
        node =
                Standalone.start(
                        new StandaloneOptions(
                                directory,
                                anyPort,
                                anyPort,
                                List.of("localhost"),
                                "registry",
                                false,
                                Map.of()));
        relay =
                new Relay(
                        URI.create("ws://" + node.clients()), URI.create("http://" + node.admin()));
    }

    @AfterAll
    static void stopRelay() {
        node.close();
    }

    @Test
    void theCalculatorCalculatesAndSaysWhatItCannot() throws Exception {
        try (RmbClient service = Calculator.start(relay, out)) {
            assertThat(service.isConnected()).isTrue();
            Calculate.once(relay, List.of("1", "+", "2"), out);
            Calculate.once(relay, List.of("6", "x", "7"), out);
            Calculate.once(relay, List.of("1", "/", "0"), out);
            Calculate.many(relay, 500, out);
        }
        assertThat(text().lines())
                .contains("900002:calculate calls calculator.add", "3.0", "42.0")
                .contains("error 255: division by zero")
                .anyMatch(line -> line.startsWith("500 calls, the sum of all is 125250.0"));
    }

    @Test
    void whoIsAwayGetsWhatWasSaidWhenTheyCome() throws Exception {
        CompletableFuture<Void> alice;
        CompletableFuture<Void> bob;
        try (var typed = new PipedWriter();
                var silence = new PipedWriter()) {
            alice = chat("alice", new BufferedReader(new PipedReader(typed)));
            typed.write("bob: hello\n");
            typed.flush();
            bob = chat("bob", new BufferedReader(new PipedReader(silence)));

            await().atMost(PATIENCE).until(() -> text().contains("alice says hello"));
        }
        // Nothing more is typed.
        alice.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        bob.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<Void> chat(String name, BufferedReader in) {
        var ended = new CompletableFuture<Void>();
        Thread.ofVirtual()
                .name("chat-" + name)
                .start(() -> {
                    try {
                        Chat.run(relay, name, in, out);
                        ended.complete(null);
                    } catch (Exception e) {
                        ended.completeExceptionally(e);
                    }
                });
        return ended;
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
