package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.cluster.Shape;
import dev.rmb.reliability.load.Sender;
import java.time.Duration;

/**
 * Twins that are away get envelopes of 5 to 16 MiB, each about as much as its mailbox takes. A
 * router is killed with its directory. Then they come for them.
 */
final class LargeEnvelopes implements Scenario {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int LEAST = 5 * MEBIBYTE;

    /** The envelope around the payload fits into 16 MiB, too. */
    private static final int MOST = 16 * MEBIBYTE - 1024;

    private static final int SENDERS = 4;
    private static final int RECEIVERS = 6;
    private static final int HEAP = 640;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Override
    public String id() {
        return "12";
    }

    @Override
    public String title() {
        return "envelopes of 5–16 MiB to offline twins";
    }

    @Override
    public Shape shape() {
        return Shape.usual().withHeap(HEAP);
    }

    @Override
    public Cast cast() {
        return new Cast(SENDERS, RECEIVERS);
    }

    @Override
    public boolean hasReceivers() {
        return false;
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        stage.crowd().come(stage.senders());
        stage.crowd()
                .send(
                        stage.senders(),
                        new Sender.Pace(
                                stage.parameters().rateOr(2) / SENDERS, LEAST, MOST, RECEIVERS));
        if (!stage.await(PATIENCE, () -> !stage.crowd().isBusy())) {
            stage.fail("the envelopes were not accepted in time");
        }
        Node victim = stage.cluster().routers().get(0);
        stage.kill(victim);
        victim.loseState();
        stage.restart(victim);
    }
}
