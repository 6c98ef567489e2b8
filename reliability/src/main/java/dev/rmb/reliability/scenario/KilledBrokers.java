package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Shape;
import java.time.Duration;

/**
 * A broker is killed every twenty seconds and started again: the only one, or one of three after
 * the other. While there is no broker nothing is accepted; with three the others go on.
 */
final class KilledBrokers implements Scenario {
    private static final Duration EVERY = Duration.ofSeconds(20);
    private static final Duration DOWN = Duration.ofSeconds(3);

    private final int brokers;

    KilledBrokers(int brokers) {
        this.brokers = brokers;
    }

    @Override
    public String id() {
        return brokers == 1 ? "3a" : "3b";
    }

    @Override
    public String title() {
        return brokers == 1
                ? "SIGKILL of the only broker every 20 s"
                : "SIGKILL of one of three brokers every 20 s";
    }

    @Override
    public Shape shape() {
        return Shape.usual().withBrokers(brokers);
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 400);
        stage.measurePauses(stage.receivers());
        stage.inTurn(
                stage.cluster().brokers(),
                EVERY,
                DOWN,
                victim -> {
                    long now = stage.crowd().now();
                    stage.kill(victim);
                    stage.pause(DOWN);
                    stage.restart(victim);
                    stage.disturbedSince(now);
                });
        stage.pause(EVERY.minus(DOWN));
    }
}
