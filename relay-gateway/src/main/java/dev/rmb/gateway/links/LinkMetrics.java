package dev.rmb.gateway.links;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;

/** What links count. */
final class LinkMetrics {
    final Counter open;
    final Counter broken;
    final Counter ignored;
    final Counter unknownSession;
    final Counter overrun;
    final Counter snapshots;
    final Counter acknowledged;
    final Counter cutOff;
    final Counter questions;
    final Counter unanswered;

    LinkMetrics(MetricRegistry registry) {
        open = registry.counter("rmb_gateway_links");
        broken = registry.counter("rmb_gateway_links_broken_total");
        ignored = registry.counter("rmb_gateway_deliveries_ignored_total");
        unknownSession = registry.counter("rmb_gateway_deliveries_unknown_session_total");
        overrun = registry.counter("rmb_gateway_inbox_overruns_total");
        snapshots = registry.counter("rmb_gateway_snapshots_total");
        acknowledged = registry.counter("rmb_gateway_acknowledgements_total");
        cutOff = registry.counter("rmb_gateway_partitions_cut_off_total");
        questions = registry.counter("rmb_gateway_questions_total");
        unanswered = registry.counter("rmb_gateway_questions_unanswered_total");
    }
}
