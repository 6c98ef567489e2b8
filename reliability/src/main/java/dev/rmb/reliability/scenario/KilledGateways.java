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
        int kills = Math.max(1, stage.parameters().secondsOr(60) / (int) EVERY.toSeconds());
        for (int i = 0; i < kills; i++) {
            stage.pause(EVERY.minus(DOWN));
            Node victim = stage.cluster().gateways().get(i % stage.cluster().gateways().size());
            stage.kill(victim);
            stage.pause(DOWN);
            victim.start();
        }
        for (Node gateway : stage.cluster().gateways()) {
            stage.awaitReady(gateway);
        }
    }
}
