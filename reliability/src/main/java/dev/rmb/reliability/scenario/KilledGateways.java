package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import java.time.Duration;

/** A gateway is killed every ten seconds, the two in turn; its clients connect to the other one. */
final class KilledGateways implements Scenario {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration DOWN = Duration.ofSeconds(1);

    @Override
    public String id() {
        return "2";
    }

    @Override
    public String title() {
        return "SIGKILL of a gateway every 10 s";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 400);
        stage.measurePauses(stage.receivers());
        stage.inTurn(
                stage.cluster().gateways(),
                EVERY,
                DOWN,
                victim -> {
                    stage.kill(victim);
                    stage.pause(DOWN);
                    victim.start();
                });
        for (Node gateway : stage.cluster().gateways()) {
            stage.awaitReady(gateway);
        }
    }
}
