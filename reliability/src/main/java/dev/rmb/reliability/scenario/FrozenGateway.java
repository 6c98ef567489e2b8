package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import java.time.Duration;

/**
 * A gateway is paused for a minute. Its clients leave it after a silence and connect to the other
 * one; then it comes back, with sessions that nobody has any more and messages in its buffers.
 */
final class FrozenGateway implements Scenario {
    private static final Duration SETTLED = Duration.ofSeconds(10);

    @Override
    public String id() {
        return "5b";
    }

    @Override
    public String title() {
        return "SIGSTOP of a gateway, SIGCONT";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 300);
        stage.pause(SETTLED);
        Node gateway = stage.cluster().gateways().get(0);
        long frozen = stage.crowd().now();
        stage.freeze(gateway);
        stage.pause(Duration.ofSeconds(stage.parameters().secondsOr(60)));
        stage.thaw(gateway, frozen);
        stage.pause(SETTLED.multipliedBy(2));
    }
}
