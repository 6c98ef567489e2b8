package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.load.Habits;
import java.time.Duration;

/**
 * A router is killed every ten seconds, the two in turn, and comes back with or without its local
 * state. Half of the receivers are there all the time. The others stop reading, vanish with RST and
 * return, so that at each kill something is under way that only the dead router knew to be
 * unconfirmed: without the watermark this is what gets lost.
 */
final class KilledRouters implements Scenario {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration DOWN = Duration.ofSeconds(1);

    @Override
    public String id() {
        return "1";
    }

    @Override
    public String title() {
        return "SIGKILL of a router every 10 s";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 400);
        stage.crowd()
                .restless(
                        stage.otherHalf(),
                        new Habits(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(2),
                                Duration.ofMillis(1500),
                                true));
        stage.measurePauses(stage.oneHalf());
        stage.inTurn(
                stage.cluster().routers(),
                EVERY,
                DOWN,
                victim -> {
                    stage.kill(victim);
                    if (stage.random().nextBoolean()) {
                        victim.loseState();
                        stage.note(victim.name() + " loses its state");
                    }
                    stage.pause(DOWN);
                    victim.start();
                });
        for (Node router : stage.cluster().routers()) {
            stage.awaitReady(router);
        }
    }
}
