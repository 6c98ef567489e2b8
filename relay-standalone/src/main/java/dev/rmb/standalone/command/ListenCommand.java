package dev.rmb.standalone.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.client.RelayConnectException;
import dev.rmb.client.Request;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbException;
import dev.rmb.client.SessionListener;
import dev.rmb.twins.TwinDirectory;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "listen",
        description =
                "Connects as a twin, prints each request that comes, and answers it with the"
                        + " payload that it brought. Ctrl-C ends it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "With --json each request is a line: {\"at\",\"from\",\"command\",\"payload\",\"encrypted\"}; a",
            "payload that is no text is in \"payloadBase64\".",
            "Exit codes: 0 ended by Ctrl-C, 1 failure, 2 wrong command line, 6 no relay."
        })
final class ListenCommand implements Runnable {
    @Mixin private final PeerOptions peer = new PeerOptions();

    @Option(names = "--json", description = "print each request as a JSON object on a line")
    private boolean json;

    @Option(
            names = "--answer",
            paramLabel = "TEXT",
            description = "answer with this (default: with what the request brought)")
    private @Nullable String answer;

    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    /** Tells on the error output how the connections are. */
    private final class Connections implements SessionListener {
        @Override
        public void connected(URI relay) {
            tell("connected to " + relay);
        }

        @Override
        public void disconnected(URI relay) {
            tell("lost " + relay + ", connecting again");
        }

        @Override
        public void notConnected(URI relay, RelayConnectException reason) {
            tell("no connection to " + relay + ": " + reason.getMessage());
        }

        private void tell(String what) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(what);
            err.flush();
        }
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        byte[] fixed = answer == null ? null : answer.getBytes(StandardCharsets.UTF_8);
        try (TwinDirectory directory = peer.directory();
                RmbClient client =
                        peer.client(directory)
                                .listener(new Connections())
                                .handleOthers(request -> {
                                    print(out, request);
                                    return CompletableFuture.completedFuture(
                                            fixed == null ? request.payload() : fixed);
                                })
                                .connect()) {
            Runtime.getRuntime().addShutdownHook(new Thread(client::close, "shutdown"));
            spec.commandLine().getErr().println("listening as " + client.address());
            new CountDownLatch(1).await();
        } catch (RmbException e) {
            throw CallFailure.of(e).told();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(PrintWriter out, Request request) {
        String line = json ? json(request).toString() : text(request);
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private static String text(Request request) {
        return "from %s: %s %s"
                .formatted(
                        request.source(),
                        Payloads.shown(request.command().getBytes(StandardCharsets.UTF_8)),
                        Payloads.shown(request.payload()));
    }

    private static ObjectNode json(Request request) {
        ObjectNode line =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("at", Instant.now().toString())
                        .put("from", request.source().toString())
                        .put("command", request.command());
        Payloads.put(line, request.payload());
        request.schema().ifPresent(schema -> line.put("schema", schema));
        return line.put("encrypted", request.isEncrypted());
    }
}
