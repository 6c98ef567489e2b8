package dev.rmb.router.stream;

import dev.rmb.cluster.trace.Outcomes;
import dev.rmb.router.dispatch.DispatchSettings;
import dev.rmb.router.dispatch.Now;
import dev.rmb.router.dispatch.SharedMemory;
import dev.rmb.router.federation.FederationClient;
import dev.rmb.router.link.Links;
import java.time.Clock;

/**
 * What all partitions of a router share.
 *
 * @param topic full name of the log
 * @param pass of each stream thread
 * @param clock of this machine, which may be set at any time
 */
record Surroundings(
        String topic,
        DispatchSettings settings,
        SharedMemory memory,
        ThreadLocal<StorePass> pass,
        Links links,
        Claims claims,
        LogReaders logReaders,
        LookUps lookUps,
        RelayErrors errors,
        FederationClient federation,
        LiveGateways gateways,
        RouterMetrics metrics,
        OpenPartitions open,
        Outcomes outcomes,
        Clock clock) {
    private static final long BEGINNING_NANOS = System.nanoTime();

    Now now() {
        return new Now((System.nanoTime() - BEGINNING_NANOS) / 1_000_000, clock.millis());
    }
}
