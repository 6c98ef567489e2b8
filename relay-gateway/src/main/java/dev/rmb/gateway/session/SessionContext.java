package dev.rmb.gateway.session;

import dev.rmb.gateway.accept.EnvelopeLog;
import dev.rmb.gateway.ratelimit.RateLimiter;

/** What all sessions of a gateway have in common. */
record SessionContext(
        SessionSettings settings,
        EnvelopeLog log,
        Presence presence,
        RateLimiter limiter,
        TwinSessions twins,
        SessionMetrics metrics) {}
