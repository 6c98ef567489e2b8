package dev.rmb.bench.kafka;

import dev.rmb.bench.load.LoadReport;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka's own tools say.
 *
 * @param recordBytes of each record
 * @param produced records a second, as fast as they can be written
 * @param producer what a record's writing takes then
 * @param paced the same at a steady rate; {@code null} without one
 * @param consumed records a second, as fast as they can be read
 * @param broker what the broker cost while they were written, for each record
 */
public record KafkaReport(
        int recordBytes,
        double produced,
        Producer producer,
        @Nullable Producer paced,
        double consumed,
        LoadReport.@Nullable Cost broker) {
    /**
     * From {@code send} to the acknowledgement, in milliseconds.
     *
     * @param p50 the median, in whole milliseconds
     * @param p99 99 of 100 are below, in whole milliseconds
     */
    public record Producer(double recordsPerSecond, double mean, double p50, double p99) {}
}
