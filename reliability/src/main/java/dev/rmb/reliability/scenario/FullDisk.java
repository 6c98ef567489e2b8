package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.cluster.Shape;
import dev.rmb.reliability.load.Receiver;
import dev.rmb.reliability.process.SmallDisk;
import java.time.Duration;
import java.util.List;

/**
 * The state directory of one router is on a small disk, which fills up while a quarter of the
 * receivers is away and gets more than memory holds. The router is killed, and starts again while
 * there is no room yet. It must say what is wrong; it may end. When there is room again, it is
 * started again if it ended, and everything must arrive.
 */
final class FullDisk implements Scenario {
    /** Without the filler there is room for all that waits. */
    private static final int MEBIBYTES = 768;

    /** So that what waits is more than fits into the store's memory. */
    private static final int PAYLOAD_BYTES = 16 * 1024;

    private static final Duration BEFORE = Duration.ofSeconds(10);
    private static final Duration AFTER = Duration.ofSeconds(15);

    @Override
    public String id() {
        return "10";
    }

    @Override
    public String title() {
        return "disk of a router full";
    }

    @Override
    public Shape shape() {
        return Shape.usual().withSmallDisk(MEBIBYTES);
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        Node router = stage.cluster().routers().get(0);
        stage.mayEnd(router);
        List<Receiver> all = stage.receivers();
        stage.connect(all.subList(all.size() / 4, all.size()));
        stage.send(stage.parameters().rateOr(300), PAYLOAD_BYTES);
        stage.pause(BEFORE);
        long now = stage.crowd().now();
        try (SmallDisk.Filler filler = stage.cluster().smallDisk().fill()) {
            stage.note(
                    "the disk of %s is full (%,d bytes)".formatted(router.name(), filler.bytes()));
            stage.pause(Duration.ofSeconds(stage.parameters().secondsOr(60)));
            if (router.process().isAlive()) {
                stage.kill(router);
            }
            router.start();
            stage.note(router.name() + " starts on the full disk");
            stage.pause(AFTER.multipliedBy(2));
        }
        stage.note("there is room again");
        stage.pause(AFTER);
        if (!router.logHas("No space left on device")) {
            stage.fail(router.name() + " did not say that there is no space left");
        }
        if (router.process().isAlive()) {
            stage.awaitReady(router);
        } else {
            stage.remark(router.name() + " had ended");
            stage.restart(router);
        }
        stage.disturbedSince(now);
    }
}
