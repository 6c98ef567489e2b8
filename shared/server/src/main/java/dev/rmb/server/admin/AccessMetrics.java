package dev.rmb.server.admin;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;

/** Whom the admin port refused. */
final class AccessMetrics {
    final Counter noToken;
    final Counter wrongToken;
    final Counter lockedOut;
    final Counter role;

    AccessMetrics(MetricRegistry metrics) {
        noToken = refused(metrics, "no_token");
        wrongToken = refused(metrics, "wrong_token");
        lockedOut = refused(metrics, "locked_out");
        role = refused(metrics, "role");
    }

    private static Counter refused(MetricRegistry metrics, String reason) {
        return metrics.counter("rmb_admin_refused_total{reason=\"%s\"}".formatted(reason));
    }
}
