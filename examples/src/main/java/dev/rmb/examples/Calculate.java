package dev.rmb.examples;

import dev.rmb.client.Call;
import dev.rmb.client.RemoteErrorException;
import dev.rmb.client.RmbClient;
import dev.rmb.protocol.Address;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A caller of the {@link Calculator}: once, or many times from virtual threads. */
final class Calculate {
    private static final Map<String, String> COMMANDS =
            Map.of("+", "add", "-", "subtract", "x", "multiply", "/", "divide");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Calculate() {}

    /**
     * Asks for one result and prints it; an error of the service is one line, too.
     *
     * @return whether there was a result
     */
    static boolean once(Relay relay, List<String> words, PrintStream out) throws Exception {
        String command = words.size() == 3 ? COMMANDS.get(words.get(1)) : null;
        if (command == null) {
            throw new IllegalArgumentException("say for example: calculate 1 + 2 (or - x /)");
        }
        var numbers =
                new Calculator.Numbers(
                        Double.parseDouble(words.get(0)), Double.parseDouble(words.get(2)));
        try (RmbClient client = DemoTwin.CALLER.at(relay).session("calculate").connect()) {
            out.println(ask(client, command, numbers));
            return true;
        } catch (RemoteErrorException e) {
            out.println("error " + e.code() + ": " + e.text());
            return false;
        }
    }

    /** Adds many numbers at once, each on a thread of its own that waits for its answer. */
    static void many(Relay relay, int calls, PrintStream out) throws Exception {
        try (RmbClient client = DemoTwin.CALLER.at(relay).session("calculate").connect();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            List<Future<Double>> results = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                var numbers = new Calculator.Numbers(i, 1);
                results.add(threads.submit(() -> ask(client, "add", numbers)));
            }
            double sum = 0;
            for (Future<Double> result : results) {
                sum += result.get();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            out.println(
                    calls + " calls, the sum of all is " + sum + ", in " + took.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static double ask(RmbClient client, String command, Calculator.Numbers numbers)
            throws InterruptedException {
        Call call =
                Call.of(Address.of(DemoTwin.CALCULATOR.id()), "calculator." + command)
                        .withJson(numbers)
                        .withTtl(PATIENCE)
                        // To add twice does no harm, so it may be sent again when a relay is lost.
                        .idempotent();
        return client.await(call).json(Calculator.Result.class).result();
    }
}
