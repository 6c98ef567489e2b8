package dev.rmb.reliability.scenario;

import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.load.Receiver;
import java.time.Duration;
import java.util.List;

/**
 * A router is paused for a minute, loses its partitions meanwhile, and comes back as a zombie. Then
 * a third one joins, and both others die with their directories: it has nothing but the changelog
 * to restore the mailboxes from. A quarter of the receivers is away all the time, so that there is
 * something in them.
 */
final class FrozenRouter implements Scenario {
    private static final Duration SETTLED = Duration.ofSeconds(15);

    @Override
    public String id() {
        return "5a";
    }

    @Override
    public String title() {
        return "SIGSTOP of a router, SIGCONT, takeover by a third";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        List<Receiver> all = stage.receivers();
        List<Receiver> present = all.subList(all.size() / 4, all.size());
        stage.load(present, 300);
        stage.pause(SETTLED);
        Node first = stage.cluster().routers().get(0);
        Node second = stage.cluster().routers().get(1);
        long frozen = stage.crowd().now();
        stage.freeze(first);
        stage.pause(Duration.ofSeconds(stage.parameters().secondsOr(60)));
        stage.thaw(first, frozen);
        stage.pause(SETTLED);
        Node third = stage.cluster().addRouter();
        stage.awaitReady(third);
        stage.kill(List.of(first, second));
        first.loseState();
        second.loseState();
        stage.note("only " + third.name() + " is left");
        stage.pause(SETTLED);
        stage.pause(SETTLED);
    }
}
