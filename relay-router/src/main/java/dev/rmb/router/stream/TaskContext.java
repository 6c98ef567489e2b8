package dev.rmb.router.stream;

import dev.rmb.cluster.members.Members;
import dev.rmb.router.dispatch.DispatchSettings;
import dev.rmb.router.link.GatewayLinks;
import java.time.Clock;
import java.time.Duration;

/**
 * What all tasks of a router share. Everything in it is thread-safe.
 *
 * @param pollInterval how often a task looks at what happened outside
 */
record TaskContext(
        DispatchSettings settings,
        Duration pollInterval,
        LogReader log,
        GatewayLinks links,
        Claims claims,
        Members members,
        Standings standings,
        RelayAnswers answers,
        RouterMetrics metrics,
        Clock clock) {}
