package dev.rmb.reliability.scenario;

import dev.rmb.reliability.load.Crowd;
import dev.rmb.reliability.load.Sender;
import java.time.Duration;
import java.util.Locale;

/**
 * Fifty thousand messages wait for twenty twins, who come at once. How long it takes until all have
 * arrived, and the first: figures, which are no verdict.
 */
final class Drain implements Scenario {
    private static final int RECEIVERS = 20;
    private static final int SENDERS = 8;
    private static final int MESSAGES = 50_000;
    private static final int PAYLOAD_BYTES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration SETTLED = Duration.ofSeconds(5);

    @Override
    public String id() {
        return "drain";
    }

    @Override
    public String title() {
        return "50,000 messages waiting for 20 twins";
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
        Crowd crowd = stage.crowd();
        crowd.come(stage.senders());
        crowd.send(
                stage.senders(),
                new Sender.Pace(
                        stage.parameters().rateOr(5_000) / SENDERS,
                        PAYLOAD_BYTES,
                        PAYLOAD_BYTES,
                        MESSAGES / SENDERS));
        if (!stage.await(PATIENCE, () -> !crowd.isBusy())) {
            stage.fail("the mailboxes were not filled in time");
        }
        stage.pause(SETTLED);
        crowd.forgetPauses(stage.receivers());
        long start = System.nanoTime();
        crowd.come(stage.receivers());
        if (!stage.await(PATIENCE, () -> crowd.arrived(stage.receivers()).messages() >= MESSAGES)) {
            stage.fail("the mailboxes were not drained in time");
        }
        Crowd.Arrived arrived = crowd.arrived(stage.receivers());
        stage.remark(
                String.format(
                        Locale.ROOT,
                        "after they began to connect, the first arrived within %.0f ms, the first"
                                + " of the last twin within %.0f ms, all %,d within %.2f s",
                        (arrived.first() - start) / 1e6,
                        (arrived.latestFirst() - start) / 1e6,
                        arrived.messages(),
                        (arrived.last() - start) / 1e9));
    }
}
