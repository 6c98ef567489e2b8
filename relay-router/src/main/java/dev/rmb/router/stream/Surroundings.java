package dev.rmb.router.stream;

import dev.rmb.router.dispatch.DispatchSettings;
import dev.rmb.router.link.Links;
import java.time.Clock;

/**
 * What all partitions of a router share.
 *
 * @param topic full name of the log
 */
record Surroundings(
        String topic,
        DispatchSettings settings,
        Links links,
        Claims claims,
        LogReaders logReaders,
        LookUps lookUps,
        RelayErrors errors,
        LiveGateways gateways,
        RouterMetrics metrics,
        Clock clock) {}
