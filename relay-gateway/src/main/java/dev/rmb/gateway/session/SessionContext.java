package dev.rmb.gateway.session;

import dev.rmb.cluster.bans.Bans;
import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.ratelimit.RateLimiter;

/** What all sessions of a gateway have in common. */
record SessionContext(
        SessionSettings settings,
        EnvelopeLog log,
        Presence presence,
        RateLimiter limiter,
        Bans bans,
        TwinSessions twins,
        SessionIndex index,
        SessionMetrics metrics) {}
