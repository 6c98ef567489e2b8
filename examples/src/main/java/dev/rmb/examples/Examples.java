package dev.rmb.examples;

import dev.rmb.client.RmbClient;
import dev.rmb.client.RmbException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs one of the examples, by its name. */
public final class Examples {
    private static final String USAGE =
            """
            Start a relay with ./relay up, then, in terminals of their own:
              ./relay example calculator               serves calculator.add and the like
              ./relay example calculate 1 + 2          calls it (or - x /)
              ./relay example calculate-many 10000     calls it from as many virtual threads
              ./relay example chat alice               a chat; in another terminal: chat bob
            RMB_RELAY and RMB_ADMIN name another relay than ws://127.0.0.1:8080, http://127.0.0.1:8081.
            """;

    private Examples() {}

    public static void main(String[] arguments) throws Exception {
        Relay relay = Relay.of(System.getenv());
        List<String> words = List.of(arguments);
        try {
            run(relay, words);
        } catch (RmbException | IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Relay relay, List<String> words) throws Exception {
        switch (words.isEmpty() ? "" : words.getFirst()) {
            case "calculator" -> serve(relay);
            case "calculate" -> {
                if (!Calculate.once(relay, words.subList(1, words.size()), System.out)) {
                    System.exit(1);
                }
            }
            case "calculate-many" ->
                    Calculate.many(
                            relay,
                            words.size() > 1 ? Integer.parseInt(words.get(1)) : 1000,
                            System.out);
            case "chat" ->
                    Chat.run(
                            relay,
                            words.size() > 1 ? words.get(1) : "me",
                            new BufferedReader(
                                    new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                            System.out);
            default -> {
                System.err.print(USAGE);
                System.exit(2);
            }
        }
    }

    private static void serve(Relay relay) throws Exception {
        PrintStream out = System.out;
        try (RmbClient service = Calculator.start(relay, out)) {
            out.println("serving as " + service.address() + "; Ctrl-C ends it");
            Runtime.getRuntime().addShutdownHook(new Thread(service::close, "shutdown"));
            new CountDownLatch(1).await();
        }
    }
}
