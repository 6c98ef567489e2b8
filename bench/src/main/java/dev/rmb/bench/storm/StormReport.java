package dev.rmb.bench.storm;

import dev.rmb.bench.load.LoadReport;
import java.util.List;

/**
 * How the sessions came back.
 *
 * @param sessions how many there are
 * @param first their first coming
 * @param storms each time that they came back
 * @param delivery of the messages, one for each session after each coming
 */
public record StormReport(
        int sessions, Coming first, List<Coming> storms, LoadReport.Delivery delivery) {
    public StormReport {
        storms = List.copyOf(storms);
    }

    /**
     * All sessions connecting.
     *
     * @param seconds until the last one was let in
     * @param perSecond sessions let in
     * @param latency of each, from its first attempt until it was let in
     * @param refused attempts that were refused and made again
     * @param servers what it cost, for each session
     */
    public record Coming(
            double seconds,
            double perSecond,
            LoadReport.Latency latency,
            int refused,
            List<LoadReport.Cost> servers) {
        public Coming {
            servers = List.copyOf(servers);
        }
    }
}
