package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.load.Receiver;
import dev.rmb.reliability.load.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A hundred thousand addresses, which are a thousand names of each of a hundred twins, get a
 * message each while they are away. A router is killed. Then they come for it, as many at a time as
 * fit.
 */
final class ManyMailboxes implements Scenario {
    private static final int NAMES = 1_000;
    private static final int WAVE = 1_000;
    private static final int PAYLOAD_BYTES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration WAVE_PATIENCE = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "9";
    }

    @Override
    public String title() {
        return "100,000 offline addresses filled and drained";
    }

    @Override
    public Cast cast() {
        return new Cast(8, 100);
    }

    @Override
    public boolean hasReceivers() {
        return false;
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        List<Receiver> addresses = addresses(stage);
        List<Sender> writers = writers(stage, addresses);
        stage.crowd().come(writers);
        fill(stage, writers, addresses.size());
        Node victim = stage.cluster().routers().get(0);
        stage.kill(victim);
        stage.restart(victim);
        long start = stage.crowd().now();
        for (int i = 0; i < addresses.size(); i += WAVE) {
            List<Receiver> wave = addresses.subList(i, Math.min(i + WAVE, addresses.size()));
            stage.crowd().forgetPauses(wave);
            stage.crowd().come(wave);
            boolean complete =
                    stage.await(
                            WAVE_PATIENCE,
                            () -> stage.crowd().arrived(wave).messages() >= wave.size());
            if (!complete) {
                stage.note("the wave from " + i + " on is not complete");
            }
            // Time for the last pongs.
            stage.pause(Duration.ofMillis(200));
            stage.crowd().leave(wave, false);
        }
        stage.remark(
                "drained in %.0f s, in waves of %,d connections"
                        .formatted((stage.crowd().now() - start) / 1e3, WAVE));
        stage.stayAway();
    }

    private static List<Receiver> addresses(Stage stage) {
        List<Receiver> addresses = new ArrayList<>();
        for (Receiver twin : stage.receivers()) {
            for (int name = 0; name < NAMES; name++) {
                addresses.add(stage.crowd().receiver(twin.twin(), "name-" + name, stage.doors()));
            }
        }
        return addresses;
    }

    private static List<Sender> writers(Stage stage, List<Receiver> addresses) {
        List<Sender> writers = new ArrayList<>();
        int count = stage.senders().size();
        for (int i = 0; i < count; i++) {
            List<Receiver> mine = new ArrayList<>();
            for (int j = i; j < addresses.size(); j += count) {
                mine.add(addresses.get(j));
            }
            writers.add(stage.crowd().sender(stage.senders().get(i).twin(), stage.doors(), mine));
        }
        return writers;
    }

    private static void fill(Stage stage, List<Sender> writers, int messages)
            throws InterruptedException {
        long start = stage.crowd().now();
        int each = messages / writers.size();
        stage.crowd()
                .send(
                        writers,
                        new Sender.Pace(
                                stage.parameters().rateOr(4_000) / writers.size(),
                                PAYLOAD_BYTES,
                                PAYLOAD_BYTES,
                                each));
        if (!stage.await(PATIENCE, () -> !stage.crowd().isBusy())) {
            stage.fail("the mailboxes were not filled in time");
        }
        stage.remark("filled in %.0f s".formatted((stage.crowd().now() - start) / 1e3));
    }
}
