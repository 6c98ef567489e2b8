package dev.rmb.gateway.federation;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import java.util.EnumMap;
import java.util.Map;

/** What is counted of other relays' envelopes: each answer by its reason. */
final class FederationMetrics {
    private final Counter received;
    private final Map<Answer, Counter> answers = new EnumMap<>(Answer.class);

    FederationMetrics(MetricRegistry registry, Held held) {
        received = registry.counter("rmb_gateway_federated_received_total");
        for (Answer answer : Answer.values()) {
            answers.put(
                    answer,
                    registry.counter(
                            "rmb_gateway_federated_total{answer=\"%s\"}"
                                    .formatted(answer.label())));
        }
        var _ = registry.gauge("rmb_gateway_federated_held_bytes", () -> held::bytes);
    }

    /** A whole body has come. */
    void received() {
        received.inc();
    }

    void answered(Answer answer) {
        Counter counter = answers.get(answer);
        if (counter != null) {
            counter.inc();
        }
    }
}
