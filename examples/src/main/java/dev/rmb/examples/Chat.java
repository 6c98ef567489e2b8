package dev.rmb.examples;

import dev.rmb.client.Call;
import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbException;
import dev.rmb.protocol.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A chat between sessions of one twin: each takes part under a name, and {@code bob: hello} goes to
 * the session of that name. Who is away gets it when they come, within a minute.
 */
final class Chat {
    private static final String SAY = "chat.say";
    private static final Duration KEPT = Duration.ofMinutes(1);

    private Chat() {}

    /** Takes part until the input ends. */
    static void run(Relay relay, String name, BufferedReader in, PrintStream out)
            throws IOException, InterruptedException {
        try (RmbClient client =
                DemoTwin.CHAT
                        .at(relay)
                        .session(name)
                        .handle(
                                SAY,
                                request -> {
                                    String line =
                                            new String(request.payload(), StandardCharsets.UTF_8);
                                    out.println(request.source().connection() + " says " + line);
                                    return CompletableFuture.completedFuture(new byte[0]);
                                })
                        .connect()) {
            out.println("you are " + name + "; write NAME: TEXT");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    say(client, line.substring(0, colon), line.substring(colon + 1).strip(), out);
                }
            }
        }
    }

    private static void say(RmbClient client, String to, String text, PrintStream out) {
        Call call =
                Call.of(new Address(DemoTwin.CHAT.id(), to), SAY)
                        .withPayload(text.getBytes(StandardCharsets.UTF_8))
                        .withTtl(KEPT);
        var _ =
                client.call(call)
                        .whenComplete((reply, failure) -> {
                            if (failure instanceof RmbException) {
                                out.println(to + " did not get it: " + failure.getMessage());
                            }
                        });
    }
}
