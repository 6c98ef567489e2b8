package dev.rmb.bench.targets;

import dev.rmb.bench.process.ServerPid;
import dev.rmb.bench.twins.DemoTwin;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is to be measured, as users write it. */
public sealed interface Target {
    /** A word, in which quotes keep spaces together. */
    Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    Pattern SETTING = Pattern.compile("([A-Z][A-Z0-9_]*)=(.*)");

    /**
     * A server that somebody else runs.
     *
     * @param pids of its processes, as far as they are known
     */
    record Running(URI relay, List<Long> pids) implements Target {
        public Running {
            pids = List.copyOf(pids);
        }
    }

    /** The hub in memory, in a process of its own. */
    record Hub() implements Target {}

    /**
     * {@code ./relay up}.
     *
     * @param launcher the script {@code relay}; {@code null} for the one that started this program
     * @param environment its settings
     * @param options of the command
     */
    record Up(@Nullable String launcher, Map<String, String> environment, List<String> options)
            implements Target {
        public Up {
            environment = Map.copyOf(environment);
            options = List.copyOf(options);
        }
    }

    /**
     * Broker, routers and gateways, each a process.
     *
     * @param launcher as for {@link Up}
     * @param environment settings of routers and gateways
     */
    record Cluster(@Nullable String launcher, Map<String, String> environment, ClusterShape shape)
            implements Target {
        public Cluster {
            environment = Map.copyOf(environment);
        }
    }

    /** {@code ./relay up} as it is. */
    static Target up() {
        return new Up(null, Map.of(), List.of());
    }

    /** A cluster of this program's own relay. */
    static Target cluster(ClusterShape shape) {
        return new Cluster(null, Map.of(), shape);
    }

    /**
     * Reads {@code ws://HOST:PORT[#PID,…]}, {@code hub}, or {@code [NAME=VALUE …] [PATH/relay]} and
     * {@code up [OPTION …]} or {@code cluster[:ROUTERSxGATEWAYSxPARTITIONS]}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static Target parse(String text) {
        List<String> words = words(text);
        Map<String, String> environment = new LinkedHashMap<>();
        while (!words.isEmpty()) {
            Matcher setting = SETTING.matcher(words.getFirst());
            if (!setting.matches()) {
                break;
            }
            environment.put(setting.group(1), setting.group(2));
            words = words.subList(1, words.size());
        }
        if (!words.isEmpty() && words.getFirst().startsWith("ws://")) {
            return running(words.getFirst());
        }
        String launcher = null;
        if (!words.isEmpty() && words.getFirst().indexOf('/') >= 0) {
            launcher = words.getFirst();
            words = words.subList(1, words.size());
        }
        String command = words.isEmpty() ? "" : words.getFirst();
        List<String> options = words.isEmpty() ? words : words.subList(1, words.size());
        if (command.equals("up")) {
            return new Up(launcher, environment, options);
        }
        if (command.equals("hub") && options.isEmpty()) {
            return new Hub();
        }
        if (command.startsWith("cluster") && options.isEmpty()) {
            String shape = command.substring("cluster".length());
            return new Cluster(
                    launcher,
                    environment,
                    shape.startsWith(":")
                            ? ClusterShape.parse(shape.substring(1))
                            : ClusterShape.SMALLEST);
        }
        throw new IllegalArgumentException(
                "'%s' is no target: ws://HOST:PORT#PID, hub, up, or cluster:2x2x8".formatted(text));
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group().replaceAll("[\"']", ""));
        }
        return words;
    }

    private static Target running(String text) {
        URI uri = URI.create(text);
        String fragment = uri.getFragment();
        try {
            return new Running(
                    URI.create(text.replaceFirst("#.*", "")),
                    fragment == null
                            ? List.of()
                            : Arrays.stream(fragment.split(",", -1)).map(Long::valueOf).toList());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("after # come process ids: " + text, e);
        }
    }

    /** In words. */
    default String text() {
        return switch (this) {
            case Running running -> running.relay().toString();
            case Hub hub -> "the hub in memory";
            case Up up -> "the relay";
            case Cluster cluster ->
                    "a broker, %d router(s) and %d gateway(s), %d partitions"
                            .formatted(
                                    cluster.shape().routers(),
                                    cluster.shape().gateways(),
                                    cluster.shape().partitions());
        };
    }

    /** Whether it is started for the measurement, and knows the demo twins then. */
    default boolean isStarted() {
        return !(this instanceof Running);
    }

    /**
     * Starts it and waits until it serves.
     *
     * @param twins that it knows, if it is started
     * @throws TargetException if it does not start; then nothing is left running
     */
    default Servers start(List<DemoTwin> twins) throws InterruptedException {
        return switch (this) {
            case Running running ->
                    Servers.ofOthers(List.of(running.relay()), ServerPid.unnamed(running.pids()));
            case Hub hub -> Starter.hub();
            case Up up -> Starter.up(up, twins);
            case Cluster cluster -> Starter.cluster(cluster, twins);
        };
    }
}
