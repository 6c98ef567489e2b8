package dev.rmb.bench;

import dev.rmb.bench.process.ServerPid;
import dev.rmb.bench.targets.Servers;
import dev.rmb.bench.targets.Target;
import dev.rmb.bench.twins.DemoTwin;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A relay that runs, or one that is started for the run. */
final class TargetOptions {
    static final String FORMS =
            "ws://HOST:PORT[#PID], hub, [NAME=VALUE] [PATH/relay] up [OPTION],"
                    + " [NAME=VALUE] [PATH/relay] cluster[:ROUTERSxGATEWAYSxPARTITIONS]";

    @Option(
            names = "--relay",
            paramLabel = "URL",
            split = ",",
            description = {
                "where sessions connect (default: ws://127.0.0.1:8080); repeatable: they take turns"
            })
    private List<URI> relays = List.of(URI.create("ws://127.0.0.1:8080"));

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "a process whose cost is reported, where there is /proc; repeatable")
    private List<Long> pids = List.of();

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            description = {
                "what is started for the run and stopped again, instead of --relay and --pid:",
                FORMS
            })
    private @Nullable String target;

    @Mixin private final DemoTwinOptions demoTwins = new DemoTwinOptions();

    DemoTwinOptions demoTwins() {
        return demoTwins;
    }

    /**
     * Checks what was given.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    void check() {
        if (target != null) {
            var _ = Target.parse(target);
        }
        for (URI relay : relays) {
            if (!"ws".equals(relay.getScheme()) || relay.getHost() == null) {
                throw new IllegalArgumentException("--relay: ws://host:port");
            }
        }
    }

    /**
     * Starts what is to be started, and registers demo twins with what runs.
     *
     * @throws dev.rmb.bench.twins.RegistrationException if a twin could not be registered
     * @throws dev.rmb.bench.targets.TargetException if it does not start
     */
    Servers open(List<DemoTwin> twins, Console console) throws InterruptedException {
        if (target != null) {
            return open(target, twins, console);
        }
        register(twins, console);
        return Servers.ofOthers(relays, ServerPid.unnamed(pids));
    }

    /** The same with a target that was named otherwise. */
    Servers open(String named, List<DemoTwin> twins, Console console) throws InterruptedException {
        Target parsed = Target.parse(named);
        if (parsed.isStarted()) {
            console.note("starting " + named);
        } else {
            register(twins, console);
        }
        return parsed.start(twins);
    }

    private void register(List<DemoTwin> twins, Console console) throws InterruptedException {
        if (demoTwins.isToRegister()) {
            console.note("%d demo twins registered".formatted(demoTwins.register(twins)));
        }
    }
}
