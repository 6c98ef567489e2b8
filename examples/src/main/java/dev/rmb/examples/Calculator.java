package dev.rmb.examples;

import dev.rmb.client.HandlerException;
import dev.rmb.client.RmbClient;
import dev.rmb.client.Router;
import java.io.PrintStream;

/**
 * A service: the commands {@code calculator.add}, {@code .subtract}, {@code .multiply} and {@code
 * .divide}, which take two numbers and answer with one.
 */
final class Calculator {
    private Calculator() {}

    /** What requests bring, as JSON: {@code {"a":1,"b":2}}. */
    record Numbers(double a, double b) {}

    /** What is answered, as JSON: {@code {"result":3}}. */
    record Result(double result) {}

    /** The service, connected; runs until it is closed. */
    static RmbClient start(Relay relay, PrintStream out) throws Exception {
        return DemoTwin.CALCULATOR.at(relay).serve(commands(out)).connect();
    }

    private static Router commands(PrintStream out) {
        var router = new Router();
        Router calculator =
                router.group("calculator")
                        .use((request, next) -> {
                            out.println(request.source() + " calls " + request.command());
                            return next.handle(request);
                        });
        calculator
                .handleJson("add", Numbers.class, (of, from) -> new Result(of.a + of.b))
                .handleJson("subtract", Numbers.class, (of, from) -> new Result(of.a - of.b))
                .handleJson("multiply", Numbers.class, (of, from) -> new Result(of.a * of.b))
                .handleJson("divide", Numbers.class, (of, from) -> new Result(quotient(of)));
        return router;
    }

    private static double quotient(Numbers of) {
        if (of.b == 0) {
            // The caller sees this text; of any other exception only that the handler failed.
            throw new HandlerException("division by zero");
        }
        return of.a / of.b;
    }
}
