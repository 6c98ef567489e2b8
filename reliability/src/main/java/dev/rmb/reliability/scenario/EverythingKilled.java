package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import java.time.Duration;

/** Broker, routers and gateways are all killed at once, and started again. */
final class EverythingKilled implements Scenario {
    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final Duration DOWN = Duration.ofSeconds(1);

    @Override
    public String id() {
        return "4";
    }

    @Override
    public String title() {
        return "SIGKILL of everything at once";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 400);
        int rounds = Math.max(1, stage.parameters().secondsOr(60) / (int) EVERY.toSeconds());
        for (int i = 0; i < rounds; i++) {
            stage.pause(EVERY.minus(DOWN));
            long now = stage.crowd().now();
            stage.kill(stage.cluster().nodes());
            stage.pause(DOWN);
            for (Node broker : stage.cluster().brokers()) {
                broker.start();
            }
            for (Node broker : stage.cluster().brokers()) {
                stage.awaitReady(broker);
            }
            for (Node router : stage.cluster().routers()) {
                router.start();
            }
            for (Node gateway : stage.cluster().gateways()) {
                gateway.start();
            }
            for (Node node : stage.cluster().nodes()) {
                stage.awaitReady(node);
            }
            stage.disturbedSince(now);
        }
        stage.pause(EVERY);
    }
}
