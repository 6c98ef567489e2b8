package dev.rmb.reliability.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.reliability.cluster.Cluster;
import dev.rmb.reliability.cluster.Node;
import dev.rmb.reliability.cluster.Operator;
import dev.rmb.reliability.load.Client;
import dev.rmb.reliability.load.Doors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster is left for another one with twice as many partitions, on the same brokers, as
 * docs/operations.md says: with half of the receivers there and traffic on, and with mailboxes full
 * of mail for the other half. What senders send through the new cluster may overtake what waits in
 * the old one, and what the new one did not confirm in time may come twice; nothing else may happen
 * to any message.
 */
final class MorePartitions implements Scenario {
    private static final String PREFIX = "rmb2.";
    private static final Duration MOVED = Duration.ofMinutes(3);
    private static final Duration DRAINED = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "move";
    }

    @Override
    public String title() {
        return "moved to another prefix with more partitions";
    }

    @Override
    public void run(Stage stage) throws InterruptedException {
        Cluster old = stage.cluster();
        stage.crowd().sign(stage.senders());
        stage.load(stage.oneHalf(), 200);
        stage.pause(stage.parameters().secondsOr(10));

        Cluster next = old.startSuccessor(PREFIX, 2 * Cluster.PARTITIONS);
        stage.note("the new cluster serves");
        Doors doors = Run.doors(next);
        List<Client> connected = new ArrayList<>(stage.oneHalf());
        connected.addAll(stage.senders());
        stage.crowd().comeNext(connected, doors);
        stage.crowd().mayOvertake();
        old.leaveDomain();
        for (Node router : old.routers()) {
            stop(stage, router);
            stage.restart(router);
        }
        stage.pause(Duration.ofSeconds(2));
        try (var operator = new Operator(old.token())) {
            drainGateways(stage, operator, connected);
            sendOn(stage, operator);
            long again = sum(list(operator, old, "federation", "relays"), "failures");
            stage.mayRepeat(again + underWay(stage, old));
            stage.remark(
                    "%,d times the new cluster did not take a message in time".formatted(again));
        }
        old.routers().forEach(router -> stop(stage, router));
        stage.crowd().come(stage.otherHalf(), doors);
        stage.pause(stage.parameters().secondsOr(10));
        long overtaken = stage.crowd().overtaken();
        stage.remark("%,d messages overtook what waited in the old cluster".formatted(overtaken));
    }

    /**
     * What was on its way to the new cluster when its partition moved, which is when a router stops
     * and when it is back: one message for each address. Whoever takes over sends it again.
     */
    private static long underWay(Stage stage, Cluster old) {
        long addresses = (long) stage.oneHalf().size() + stage.otherHalf().size();
        return 2L * old.routers().size() * addresses;
    }

    private static void drainGateways(Stage stage, Operator operator, List<Client> connected)
            throws InterruptedException {
        Cluster old = stage.cluster();
        for (Node gateway : old.gateways()) {
            operator.post(old.routers().getFirst(), "pods/" + gateway.name() + "/drain");
            stage.note("draining " + gateway.name());
        }
        boolean gone =
                stage.await(DRAINED, () -> list(operator, old, "sessions").isEmpty())
                        && stage.await(
                                DRAINED, () -> stage.crowd().open(connected) == connected.size());
        if (!gone) {
            stage.fail("not everybody has moved: " + list(operator, old, "sessions"));
        }
        old.gateways().forEach(gateway -> stop(stage, gateway));
    }

    /** Has everything decided on anew that is in the old mailboxes, until there is nothing. */
    private static void sendOn(Stage stage, Operator operator) throws InterruptedException {
        Cluster old = stage.cluster();
        List<JsonNode> mailboxes = list(operator, old, "mailboxes");
        long messages = sum(mailboxes, "messages");
        stage.remark(
                "%,d messages waited in %d old mailboxes".formatted(messages, mailboxes.size()));
        long start = stage.crowd().now();
        for (JsonNode mailbox : mailboxes) {
            operator.post(
                    old.routers().getFirst(),
                    "mailboxes/" + mailbox.path("id").asText() + "/decide");
        }
        if (stage.await(MOVED, () -> isEmpty(list(operator, old, "partitions")))) {
            stage.remark(
                    "they were gone after %.1f s".formatted((stage.crowd().now() - start) / 1e3));
        } else {
            stage.fail(
                    "there is still mail in the old cluster: " + list(operator, old, "partitions"));
        }
    }

    private static boolean isEmpty(List<JsonNode> partitions) {
        return partitions.size() == Cluster.PARTITIONS
                && partitions.stream().allMatch(p -> p.path("state").asText().equals("serving"))
                && sum(partitions, "mailboxMessages") == 0
                && sum(partitions, "lag") == 0
                && sum(partitions, "watermarkLag") == 0;
    }

    private static long sum(List<JsonNode> items, String field) {
        return items.stream().mapToLong(item -> item.path(field).asLong()).sum();
    }

    private static List<JsonNode> list(Operator operator, Cluster cluster, String name) {
        return list(operator, cluster, name, name);
    }

    private static List<JsonNode> list(
            Operator operator, Cluster cluster, String name, String items) {
        try {
            return operator.list(cluster.routers().getFirst(), name, items);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void stop(Stage stage, Node node) {
        try {
            int code = node.stop();
            stage.note("stopped " + node.name());
            if (code != 0) {
                stage.fail(node.name() + " ended with exit code " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
