package dev.rmb.bench.kafka;

import dev.rmb.bench.load.LoadException;
import dev.rmb.bench.load.LoadReport;
import dev.rmb.bench.load.Watch;
import dev.rmb.bench.process.ServerPid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** Writes and reads a topic with Kafka's own tools, each in a process of its own. */
public final class KafkaRun {
    private static final String PRODUCER = "org.apache.kafka.tools.ProducerPerformance";
    private static final String CONSUMER = "org.apache.kafka.tools.ConsumerPerformance";
    private static final Duration TOPIC_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TOOL_TIMEOUT = Duration.ofMinutes(3);
    private static final int PACED_SECONDS = 10;

    private final Settings settings;
    private final Consumer<String> notes;

    /**
     * What is written and read.
     *
     * @param bootstrap where the broker is
     * @param broker its process
     * @param records how many, a third more for warming up
     * @param recordBytes of each: an envelope of 256 bytes of payload has some 400
     * @param partitions of the topic
     * @param rate records a second of the steady run; 0: there is none
     */
    public record Settings(
            String bootstrap,
            ServerPid broker,
            int records,
            int recordBytes,
            int partitions,
            int rate) {
        /**
         * Refuses what cannot be run.
         *
         * @throws IllegalArgumentException with a message for the user
         */
        public Settings {
            if (records < 1 || recordBytes < 1 || partitions < 1 || rate < 0) {
                throw new IllegalArgumentException(
                        "--records, --record-bytes and --partitions: at least 1; --rate: not"
                                + " negative");
            }
        }
    }

    /**
     * A run that is not started yet.
     *
     * @param notes is told how it goes
     */
    public KafkaRun(Settings settings, Consumer<String> notes) {
        this.settings = settings;
        this.notes = notes;
    }

    /**
     * Runs it.
     *
     * @throws LoadException if a tool fails
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public KafkaReport run() throws InterruptedException {
        String topic = "bench-" + System.nanoTime();
        makeTopic(topic);
        int warmup = settings.records() / 3;
        try (var watch = Watch.of(List.of(settings.broker()))) {
            watch.begin();
            long begin = System.nanoTime();
            KafkaReport.Producer fastest =
                    ToolOutput.producer(produce(topic, settings.records() + warmup, warmup, -1));
            long nanos = System.nanoTime() - begin;
            watch.end();
            notes.accept("written: %,.0f records/s".formatted(fastest.recordsPerSecond()));
            List<LoadReport.Cost> cost = watch.servers(settings.records() + (long) warmup, nanos);
            double consumed =
                    ToolOutput.consumer(
                            tool(
                                    CONSUMER,
                                    "--bootstrap-server",
                                    settings.bootstrap(),
                                    "--topic",
                                    topic,
                                    "--num-records",
                                    Integer.toString(settings.records())));
            notes.accept(
                    "read: %,.0f records/s in %.1f s"
                            .formatted(consumed, settings.records() / consumed));
            KafkaReport.Producer paced =
                    settings.rate() == 0
                            ? null
                            : ToolOutput.producer(
                                    produce(
                                            topic,
                                            settings.rate() * 2 * PACED_SECONDS,
                                            settings.rate() * PACED_SECONDS,
                                            settings.rate()));
            return new KafkaReport(
                    settings.recordBytes(),
                    fastest.recordsPerSecond(),
                    fastest,
                    paced,
                    consumed,
                    cost.isEmpty() ? null : cost.getFirst());
        }
    }

    private void makeTopic(String name) throws InterruptedException {
        try (Admin admin =
                Admin.create(
                        Map.of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                                settings.bootstrap(),
                                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                (int) TOPIC_TIMEOUT.toMillis()))) {
            var _ =
                    admin.createTopics(
                                    List.of(new NewTopic(name, settings.partitions(), (short) 1)))
                            .all()
                            .get();
        } catch (ExecutionException e) {
            throw new LoadException("no topic can be made: " + e.getCause());
        }
    }

    /** With the settings of the relay's own producer, as far as they matter here. */
    private List<String> produce(String topic, int records, int warmup, int rate)
            throws InterruptedException {
        return tool(
                PRODUCER,
                "--bootstrap-server",
                settings.bootstrap(),
                "--topic",
                topic,
                "--num-records",
                Integer.toString(records),
                "--warmup-records",
                Integer.toString(warmup),
                "--record-size",
                Integer.toString(settings.recordBytes()),
                "--throughput",
                Integer.toString(rate),
                "--command-property",
                "acks=all",
                "linger.ms=0",
                "send.buffer.bytes=-1",
                "receive.buffer.bytes=-1");
    }

    private static List<String> tool(String main, String... arguments) throws InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:+UseSerialGC");
        line.add("-Xmx256m");
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(main);
        line.addAll(List.of(arguments));
        try {
            // A file takes all of it, so that the wait for its end can be bounded.
            Path output = Files.createTempFile("kafka-tool", ".txt");
            Process process =
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            try {
                boolean ended = process.waitFor(TOOL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                List<String> said = Files.readAllLines(output);
                if (!ended || process.exitValue() != 0) {
                    throw new LoadException(main + " failed:\n" + String.join("\n", said));
                }
                return said;
            } finally {
                process.destroyForcibly();
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new LoadException("cannot run " + main + ": " + e.getMessage());
        }
    }
}
