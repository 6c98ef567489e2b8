package dev.rmb.standalone.command;

import dev.rmb.standalone.node.Node;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A server in the foreground: says that it is ready, then serves until it is asked to stop
 * (SIGTERM, Ctrl-C), stops its parts, and ends with exit code 0; with 1 if a part failed for good.
 */
final class Serving {
    private static final int FAILED = 1;

    private Serving() {}

    /** Starts something to serve. */
    @FunctionalInterface
    interface Start {
        Node start() throws Exception;
    }

    /**
     * Serves until the process ends.
     *
     * @throws CommandException if it could not start; the message is for the user
     */
    static void untilStopped(CommandSpec command, Start start) {
        Node node;
        try {
            node = start.start();
        } catch (Exception e) {
            throw new CommandException(reason(e), e);
        }
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    node.close();
                                    // A planned stop is a success; the signal's own exit code
                                    // would say otherwise.
                                    Runtime.getRuntime().halt(0);
                                },
                                "shutdown"));
        PrintWriter out = command.commandLine().getOut();
        out.println(ready(node));
        out.flush();
        var _ = node.failure().toCompletableFuture().join();
        node.close();
        // Not a planned stop: whoever supervises the process should start it again.
        Runtime.getRuntime().halt(FAILED);
    }

    /** Its first line of output once it serves: docs/contracts.md, "Command line". */
    private static String ready(Node node) {
        StringBuilder line = new StringBuilder("ready");
        if (node.clients() != null) {
            line.append(node.isSecure() ? " ws=wss://" : " ws=ws://").append(node.clients());
        }
        if (node.admin() != null) {
            line.append(node.isAdminSecure() ? " admin=https://" : " admin=http://")
                    .append(node.admin());
        }
        return line.toString();
    }

    private static String reason(Throwable failure) {
        StringBuilder reason = new StringBuilder(text(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            reason.append(": ").append(text(cause));
        }
        return reason.toString();
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
