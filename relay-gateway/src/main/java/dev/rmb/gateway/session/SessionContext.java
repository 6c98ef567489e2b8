package dev.rmb.gateway.session;

import dev.rmb.gateway.accept.EnvelopeLog;

/** What all sessions of a gateway have in common. */
record SessionContext(
        SessionSettings settings, EnvelopeLog log, Presence presence, SessionMetrics metrics) {}
