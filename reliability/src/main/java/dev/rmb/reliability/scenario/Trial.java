package dev.rmb.reliability.scenario;

import dev.rmb.bench.twins.DemoTwin;
import dev.rmb.reliability.cluster.Cluster;
import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.cluster.Shape;
import dev.rmb.reliability.load.Crowd;
import dev.rmb.reliability.load.Doors;
import dev.rmb.reliability.load.Receiver;
import dev.rmb.reliability.load.Sender;
import dev.rmb.reliability.process.Workplace;
import dev.rmb.reliability.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A cluster to try things on, with traffic, and mail for twins that are away. Nothing is broken and
 * nothing is judged.
 */
public final class Trial {
    private static final int SENDERS = 4;
    private static final int RECEIVERS = 8;
    private static final double PER_SECOND = 20;
    private static final int PAYLOAD_BYTES = 200;

    private final Parameters parameters;
    private final Progress out;

    /**
     * @param out is told where everything is
     */
    public Trial(Parameters parameters, Progress out) {
        this.parameters = parameters;
        this.out = out;
    }

    /**
     * Starts it, and keeps it until the program is ended.
     *
     * @param end of it
     */
    public void run(CountDownLatch end) throws InterruptedException {
        Workplace workplace = Workplace.create();
        List<DemoTwin> twins = DemoTwin.several(DemoTwin.FIRST_ID, SENDERS + RECEIVERS);
        Shape shape = Shape.usual().withOffers(parameters.offers());
        try (Cluster cluster = Cluster.start(shape, workplace.directory(), twins);
                var crowd = new Crowd(new Proof(), parameters.seed())) {
            populate(crowd, Run.doors(cluster), twins);
            cluster.brokers().forEach(node -> out.note(node.name() + pid(node)));
            cluster.routers()
                    .forEach(node -> out.note(node.name() + pid(node) + " admin=" + node.admin()));
            cluster.gateways()
                    .forEach(node ->
                            out.note(
                                    node.name()
                                            + pid(node)
                                            + " admin="
                                            + node.admin()
                                            + " ws="
                                            + node.clients()));
            out.note("logs " + workplace.directory());
            out.note("token " + cluster.token());
            out.note("ready");
            end.await();
        }
        workplace.delete();
    }

    private static String pid(Node node) {
        return " pid=" + node.process().pid();
    }

    /** Half of the receivers are there, and for the others mail piles up. */
    private void populate(Crowd crowd, Doors doors, List<DemoTwin> twins) {
        List<Receiver> receivers = new ArrayList<>();
        for (DemoTwin twin : twins.subList(SENDERS, twins.size())) {
            receivers.add(crowd.receiver(twin, null, doors));
        }
        for (DemoTwin twin : twins.subList(0, SENDERS)) {
            var _ = crowd.sender(twin, doors, receivers);
        }
        crowd.come(receivers.subList(0, RECEIVERS / 2));
        crowd.come(crowd.senders());
        double each = parameters.rateOr(PER_SECOND) / SENDERS;
        crowd.send(
                crowd.senders(),
                new Sender.Pace(each, PAYLOAD_BYTES, PAYLOAD_BYTES, Long.MAX_VALUE));
    }
}
