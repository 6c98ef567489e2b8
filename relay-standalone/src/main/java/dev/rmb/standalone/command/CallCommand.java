package dev.rmb.standalone.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rmb.client.Call;
import dev.rmb.client.Reply;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbException;
import dev.rmb.protocol.Address;
import dev.rmb.twins.TwinDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "call",
        description = "Sends a request to a twin and prints the payload of its answer.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "With --json: {\"from\",\"payload\",\"encrypted\",\"tookMs\"}, or"
                    + " {\"error\":{\"from\",\"code\",\"text\"}};",
            "a payload that is no text is in \"payloadBase64\".",
            "Exit codes: 0 answered, 1 failure, 2 wrong command line, 3 the twin answered with an",
            "error, 4 it cannot be delivered, 5 no answer in time, 6 no relay."
        })
final class CallCommand implements Callable<Integer> {
    @Mixin private final PeerOptions peer = new PeerOptions();

    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print the answer, or the error, as a JSON object")
    private boolean json;

    @Option(
            names = "--idempotent",
            description =
                    "it may be run twice: send it again if a connection is lost before the answer")
    private boolean idempotent;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "how long to wait, and for how long the relay keeps the request for a twin"
                            + " that is away (default: ${DEFAULT-VALUE})")
    private long timeoutSeconds = 60;

    @Option(
            names = "--fail-fast",
            description = "fail at once if the twin is not connected, rather than wait for it")
    private boolean failFast;

    @SuppressWarnings("NullAway.Init")
    @Parameters(
            index = "0",
            paramLabel = "TO",
            description = "the twin that serves it: 2, or 2:NAME for one of its connections")
    private String to;

    @SuppressWarnings("NullAway.Init")
    @Parameters(
            index = "1",
            paramLabel = "COMMAND",
            description = "what it is asked to run, for example calculator.add")
    private String command;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "PAYLOAD",
            description = "text to run it with; - reads it from standard input (default: none)")
    private @Nullable String payload;

    @Override
    public Integer call() {
        Call call = request();
        long start = System.nanoTime();
        try (TwinDirectory directory = peer.directory();
                RmbClient client = peer.client(directory).connect();
                Progress progress =
                        Progress.on(
                                spec.commandLine().getErr(),
                                seconds -> "waiting for %s: %d s".formatted(to, seconds))) {
            assert progress != null;
            print(client.await(call), Duration.ofNanos(System.nanoTime() - start));
            return 0;
        } catch (RmbException | IllegalArgumentException e) {
            // The latter of a payload above 16 MiB.
            return failed(CallFailure.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private int failed(CallFailure failure) {
        if (!json) {
            throw failure.told();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(failure.json());
        out.flush();
        return failure.exitCode();
    }

    private void print(Reply reply, Duration took) {
        if (!json) {
            print(reply.payload());
            return;
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("from", reply.source().toString());
        Payloads.put(answer, reply.payload());
        reply.schema().ifPresent(schema -> answer.put("schema", schema));
        answer.put("encrypted", reply.isEncrypted()).put("tookMs", took.toMillis());
        PrintWriter out = spec.commandLine().getOut();
        out.println(answer);
        out.flush();
    }

    private Call request() {
        if (timeoutSeconds < 1) {
            throw new CommandException("--timeout must be at least 1");
        }
        Address address;
        try {
            address = Address.parse(to);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        Call call =
                Call.of(address, command)
                        .withPayload(payload())
                        .withTtl(Duration.ofSeconds(timeoutSeconds));
        Call mayRepeat = idempotent ? call.idempotent() : call;
        return failFast ? mayRepeat.failingFast() : mayRepeat;
    }

    private byte[] payload() {
        if (payload == null) {
            return new byte[0];
        }
        if (!payload.equals("-")) {
            return payload.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return System.in.readAllBytes();
        } catch (IOException e) {
            throw new CommandException("standard input cannot be read: " + e, e);
        }
    }

    /** The payload's own bytes, which need not be text, and a line break. */
    private static void print(byte[] answer) {
        try {
            OutputStream out = System.out;
            out.write(answer);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new CommandException("standard output cannot be written: " + e, e);
        }
    }
}
