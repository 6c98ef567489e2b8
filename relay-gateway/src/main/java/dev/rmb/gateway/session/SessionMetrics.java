package dev.rmb.gateway.session;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.rmb.gateway.accept.Receipt;
import dev.rmb.server.metrics.StageTimes;

/** What sessions count. The names without prefix are the reference relay's. */
final class SessionMetrics {
    private final Counter received;
    private final Counter receivedBytes;
    final Counter delivered;
    final Counter deliveredBytes;
    final Counter repeated;
    final Counter gaps;
    private final Counter refused;
    private final Counter rateLimited;
    private final Counter notSent;
    private final Counter unconfirmed;
    final Counter probes;
    final Counter opened;
    final Counter evicted;
    final Counter present;
    final Counter paused;
    final Counter shed;
    final Counter faults;

    /** From an envelope's arrival to its acceptance by the log. */
    final StageTimes accept;

    /** From a delivery's arrival to the client's confirmation. */
    final StageTimes deliver;

    SessionMetrics(MetricRegistry registry) {
        received = registry.counter("relay_message_rx");
        receivedBytes = registry.counter("relay_message_rx_bytes");
        delivered = registry.counter("relay_message_tx");
        deliveredBytes = registry.counter("relay_message_tx_bytes");
        evicted = registry.counter("relay_session_evictions_total");
        repeated = registry.counter("rmb_gateway_repeats_filtered_total");
        gaps = registry.counter("rmb_gateway_delivery_gaps_total");
        refused = registry.counter("rmb_gateway_envelopes_refused_total");
        rateLimited = registry.counter("rmb_gateway_envelopes_rate_limited_total");
        notSent = registry.counter("rmb_gateway_envelopes_not_sent_total");
        unconfirmed = registry.counter("rmb_gateway_envelopes_unconfirmed_total");
        probes = registry.counter("rmb_gateway_probes_total");
        opened = registry.counter("rmb_gateway_sessions_opened_total");
        present = registry.counter("rmb_gateway_sessions");
        shed = registry.counter("rmb_gateway_sessions_shed_total");
        faults = registry.counter("rmb_gateway_session_faults_total");
        accept = StageTimes.of(registry, "accept");
        deliver = StageTimes.of(registry, "deliver");
        paused = registry.counter("rmb_gateway_reads_paused_total");
    }

    void received(byte[] envelope) {
        received.inc();
        receivedBytes.inc(envelope.length);
    }

    void refused(Verdict verdict) {
        (verdict == Verdict.RATE_LIMITED ? rateLimited : refused).inc();
    }

    /** An envelope's way into the log has ended. */
    void ended(Receipt.Outcome how) {
        switch (how) {
            case ACCEPTED -> {}
            case NOT_SENT -> notSent.inc();
            case UNCONFIRMED -> unconfirmed.inc();
        }
    }
}
