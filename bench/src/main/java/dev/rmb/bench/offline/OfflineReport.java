package dev.rmb.bench.offline;

import dev.rmb.bench.load.LoadReport;
import java.util.List;

/**
 * How mail for those who are away was carried.
 *
 * @param messages that were sent
 * @param accepted from the first message to the relay's word that it has them all
 * @param drained from the first receiver's connecting to the last arrival
 * @param delivery what became of the messages
 */
public record OfflineReport(
        int messages, Phase accepted, Phase drained, LoadReport.Delivery delivery) {
    /**
     * A part of the run.
     *
     * @param seconds how long it took
     * @param messagesPerSecond its throughput
     * @param servers what it cost
     */
    public record Phase(double seconds, double messagesPerSecond, List<LoadReport.Cost> servers) {
        public Phase {
            servers = List.copyOf(servers);
        }
    }
}
