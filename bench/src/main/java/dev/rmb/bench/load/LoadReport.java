package dev.rmb.bench.load;

import dev.rmb.bench.process.Pauses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a run; its JSON has these names.
 *
 * @param settings what was run
 * @param machine where
 * @param seconds how long it was measured
 * @param messages that arrived in that time
 * @param messagesPerSecond throughput
 * @param mebibytesPerSecond throughput of whole envelopes
 * @param latency from the intended sending to the arrival
 * @param lateness what of it is the generator's own: from the intended to the actual sending
 * @param delivery what became of all messages, those of the warm-up included
 * @param servers what the processes under load cost, each
 * @param generator what this process cost
 * @param broken why the run ended early; {@code null} if it did not
 */
public record LoadReport(
        Settings settings,
        Machine machine,
        double seconds,
        long messages,
        double messagesPerSecond,
        double mebibytesPerSecond,
        Latency latency,
        Latency lateness,
        Delivery delivery,
        List<Cost> servers,
        @Nullable Cost generator,
        @Nullable String broken) {

    /**
     * The settings in plain values.
     *
     * @param relays where the sessions connected
     * @param senders sessions that sent
     * @param receivers sessions that received
     * @param window messages in flight of each sender; {@code null} with a rate
     * @param rate messages per second; {@code null} with a window
     * @param payloadBytes of each message
     * @param isAnswered whether messages were calls, and latency that of the whole call
     * @param envelopeBytes of each message
     * @param warmupSeconds not measured
     * @param loops event loops of the generator
     */
    public record Settings(
            List<String> relays,
            int senders,
            int receivers,
            @Nullable Integer window,
            @Nullable Double rate,
            int payloadBytes,
            boolean isAnswered,
            int envelopeBytes,
            double warmupSeconds,
            int loops) {}

    /**
     * The machine that generator and, mostly, relay share.
     *
     * @param processor its name
     * @param processors how many of them this process may use
     * @param system name and version
     * @param java version of the generator's
     */
    public record Machine(String processor, int processors, String system, String java) {
        /** The one that this process runs on. */
        public static Machine here() {
            return new Machine(
                    processorName(),
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    Runtime.version().toString());
        }

        private static String processorName() {
            try {
                return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException e) {
                return System.getProperty("os.arch");
            }
        }
    }

    /**
     * A distribution of times, in microseconds.
     *
     * @param mean their mean
     * @param p50 the median
     * @param p90 90 of 100 are below
     * @param p99 99 of 100 are below
     * @param p999 999 of 1000 are below
     * @param max the longest
     */
    public record Latency(
            double mean, double p50, double p90, double p99, double p999, double max) {}

    /**
     * What became of the messages.
     *
     * @param sent by all senders
     * @param received for the first time
     * @param lost sent and never received
     * @param duplicated received again
     * @param reordered received after a later one of the same sender
     * @param foreign received though not of this run
     * @param errors the relay's error answers by text
     */
    public record Delivery(
            long sent,
            long received,
            long lost,
            long duplicated,
            long reordered,
            long foreign,
            Map<String, Long> errors) {
        /** Whether every message arrived exactly once and in order. */
        public boolean isPerfect() {
            return lost == 0 && duplicated == 0 && reordered == 0;
        }
    }

    /**
     * What a process cost while it was measured.
     *
     * @param name what it is called
     * @param pid the process
     * @param cpuMicrosPerMessage processor time per arrived message
     * @param processors how many processors it kept busy
     * @param rssMebibytes memory resident at the end
     * @param peakRssMebibytes the most since its start
     * @param pauses of its garbage collector; {@code null} if they cannot be known
     */
    public record Cost(
            String name,
            long pid,
            double cpuMicrosPerMessage,
            double processors,
            double rssMebibytes,
            double peakRssMebibytes,
            @Nullable Pauses pauses) {}

    /** Processor time per message of all servers together, in microseconds. */
    public double cpuMicrosPerMessage() {
        return servers.stream().mapToDouble(Cost::cpuMicrosPerMessage).sum();
    }

    /** Whether the run went to its end and every message arrived exactly once and in order. */
    public boolean isPerfect() {
        return broken == null && delivery.isPerfect();
    }
}
