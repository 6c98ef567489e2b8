package dev.rmb.reliability.scenario;

import dev.rmb.reliability.load.Habits;
import java.time.Duration;

/**
 * Receivers change between two gateways all the time: half of them connect to the new one before
 * they leave the old one, half after they have left it with RST.
 */
final class FlappingReceivers implements Scenario {
    @Override
    public String id() {
        return "8";
    }

    @Override
    public String title() {
        return "receivers flap between two gateways";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 400);
        stage.crowd()
                .restless(
                        stage.oneHalf(),
                        new Habits(Duration.ofMillis(1500), Duration.ZERO, Duration.ZERO, false));
        stage.crowd()
                .restless(
                        stage.otherHalf(),
                        new Habits(
                                Duration.ofMillis(1500),
                                Duration.ZERO,
                                Duration.ofMillis(100),
                                true));
        stage.pause(Duration.ofSeconds(stage.parameters().secondsOr(60)));
    }
}
