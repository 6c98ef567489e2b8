package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import java.time.Duration;
import java.util.List;

/**
 * Every router, then every gateway is asked to stop (SIGTERM) and started again, one after the
 * other, with traffic on. The longest pause of any receiver is measured, apart for routers and
 * gateways; what the issue asks for is at most a second for routers.
 */
final class RollingRestart implements Scenario {
    private static final Duration BETWEEN = Duration.ofSeconds(4);
    private static final Duration GOAL = Duration.ofSeconds(1);

    @Override
    public String id() {
        return "6";
    }

    @Override
    public String title() {
        return "rolling restart with SIGTERM";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.load(stage.receivers(), 400);
        // Just-in-time compilation is not what is measured.
        stage.pause(BETWEEN.multipliedBy(3));
        stage.measurePauses(stage.receivers());
        roll(stage, stage.cluster().routers());
        stage.pausesMeasured();
        Duration routers = stage.longestPause();
        if (routers != null && routers.compareTo(GOAL) > 0) {
            stage.remark("the pause for routers is above the goal of 1 s");
        }
        stage.crowd().forgetPauses(stage.receivers());
        roll(stage, stage.cluster().gateways());
        stage.remark(
                "longest pause while gateways restart: "
                        + stage.crowd().longestPause(stage.receivers()).toMillis()
                        + " ms");
    }

    private static void roll(Stage stage, List<Node> nodes) throws InterruptedException {
        for (Node node : nodes) {
            long now = stage.crowd().now();
            stage.note("stopping " + node.name());
            int code = node.stop();
            if (code != 0) {
                stage.fail(node.name() + " ended with exit code " + code);
            }
            stage.note("%s stopped after %d ms".formatted(node.name(), stage.crowd().now() - now));
            notePause(stage, "without " + node.name());
            stage.restart(node);
            stage.pause(BETWEEN);
            notePause(stage, node.name() + " is back");
        }
    }

    private static void notePause(Stage stage, String when) {
        stage.note(
                "%s; longest pause until now: %d ms"
                        .formatted(when, stage.crowd().longestPause(stage.receivers()).toMillis()));
    }
}
