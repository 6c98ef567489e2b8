package dev.rmb.reliability.scenario;

import dev.rmb.reliability.load.Habits;
import java.time.Duration;

/**
 * Half of the receivers stop reading for a while, with what is sent to them left in buffers, vanish
 * with RST and return. The other half must not notice.
 */
final class HalfOpenReceivers implements Scenario {
    @Override
    public String id() {
        return "7";
    }

    @Override
    public String title() {
        return "receivers stop reading, vanish with RST, return";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 400);
        stage.crowd()
                .restless(
                        stage.otherHalf(),
                        new Habits(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(3),
                                true));
        stage.pause(Duration.ofSeconds(2));
        stage.measurePauses(stage.oneHalf());
        stage.pause(Duration.ofSeconds(stage.parameters().secondsOr(60)));
    }
}
