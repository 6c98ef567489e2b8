package dev.rmb.bench.kafka;

import dev.rmb.bench.load.LoadException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what Kafka's tools print. */
final class ToolOutput {
    private static final Pattern PRODUCED =
            Pattern.compile(
                    ".* ([0-9.]+) records/sec .* ([0-9.]+) ms avg latency, .*\\b(\\d+) ms 50th,"
                            + ".*\\b(\\d+) ms 99th,.*");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");
    private static final Pattern COLUMN = Pattern.compile(",\\s*");

    /** Of the consumer's columns, the one with records a second, the joining of its group aside. */
    private static final String FETCHED = "fetch.nMsg.sec";

    private ToolOutput() {}

    /** The last summary that the producer's tool printed: without its warm-up, if it had one. */
    static KafkaReport.Producer producer(List<String> lines) {
        for (String line : lines.reversed()) {
            Matcher matcher = PRODUCED.matcher(line);
            if (matcher.matches()) {
                return new KafkaReport.Producer(
                        Double.parseDouble(matcher.group(1)),
                        Double.parseDouble(matcher.group(2)),
                        Double.parseDouble(matcher.group(3)),
                        Double.parseDouble(matcher.group(4)));
            }
        }
        throw new LoadException("the producer's tool says:\n" + String.join("\n", lines));
    }

    /** Records a second of the consumer's tool, whose logging may stand between its two lines. */
    static double consumer(List<String> lines) {
        int at = -1;
        int columns = 0;
        for (String line : lines) {
            List<String> cells = List.of(COLUMN.split(line.strip(), -1));
            if (at < 0) {
                at = cells.indexOf(FETCHED);
                columns = cells.size();
            } else if (cells.size() == columns && NUMBER.matcher(cells.get(at)).matches()) {
                return Double.parseDouble(cells.get(at));
            }
        }
        throw new LoadException("the consumer's tool says:\n" + String.join("\n", lines));
    }
}
