package dev.rmb.bench;

import dev.rmb.bench.hub.Hub;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves until it is stopped. */
@Command(
        name = "hub",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a WebSocket hub in memory that promises nothing: what it carries is the most that",
            "a relay on this machine could. Put load on it with 'bench --no-register --relay URL'."
        })
final class HubCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "where sessions connect (default: ${DEFAULT-VALUE})")
    private String listen = "127.0.0.1:8090";

    @Override
    public Integer call() throws InterruptedException {
        try (Hub hub = Hub.start(address())) {
            Runtime.getRuntime().addShutdownHook(new Thread(hub::close, "bench-hub-stop"));
            InetSocketAddress bound = hub.address();
            spec.commandLine()
                    .getOut()
                    .printf(
                            "ready ws=ws://%s:%d pid=%d%n",
                            bound.getHostString(), bound.getPort(), ProcessHandle.current().pid());
            spec.commandLine().getOut().flush();
            hub.awaitClosed();
        }
        return 0;
    }

    private InetSocketAddress address() {
        int colon = listen.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    listen.substring(0, Math.max(0, colon)),
                    Integer.parseInt(listen.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--listen: HOST:PORT, not '" + listen + "'", e);
        }
    }
}
