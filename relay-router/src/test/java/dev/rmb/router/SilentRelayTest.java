package dev.rmb.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rmb.broker.BrokerSettings;
import dev.rmb.broker.EmbeddedBroker;
import dev.rmb.proto.Envelope;
import dev.rmb.testing.ScriptedRelay;
import dev.rmb.testing.ScriptedRelay.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relay that takes connections and never answers, beside one that does: measured in pairs, one
 * after the other in one run.
 */
@Timeout(300)
final class SilentRelayTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PAIRS = 5;
    private static final int ADDRESSES = 50;
    private static final int EACH = 400;

    /** Sent just before each measurement: connections and threads that rested start slowly. */
    private static final int WARM = 60;

    /** Of the silent relay; more than it may be given at once, so that all its room is used. */
    private static final int SILENT_ADDRESSES = 200;

    @TempDir private Path directory = Path.of("");

    @Test
    @Tag("long")
    void messagesForAnotherRelayKeepEightyPerCentOfTheirThroughput() throws Exception {
        try (EmbeddedBroker broker =
                        EmbeddedBroker.start(
                                directory.resolve("kafka"), BrokerSettings.onFreePort());
                ScriptedRelay good = ScriptedRelay.start();
                ScriptedRelay silent = ScriptedRelay.start();
                var cluster = new TestCluster(broker.bootstrapServers(), "silent", directory)) {
            silent.always(Reply.SILENCE);
            cluster.twin(7, good.domain());
            cluster.twin(8, silent.domain());
            cluster.gateway();
            cluster.router("router-1");
            send(cluster, good, "warm", EACH);
            List<Double> ratios = new ArrayList<>();
            for (int pair = 0; pair < PAIRS; pair++) {
                double alone = measure(cluster, good, "alone" + pair);
                int before = silent.requests();
                cluster.sendAll(messages("8:" + pair + "-", SILENT_ADDRESSES, 1, 3));
                await().atMost(LONG).until(() -> silent.requests() > before);
                double beside = measure(cluster, good, "beside" + pair);
                ratios.add(beside / alone);
                System.out.printf(
                        "pair %d: alone %,.0f messages/s, beside a silent relay %,.0f: %.0f %%%n",
                        pair + 1, alone, beside, 100 * beside / alone);
                // What waits for the silent relay expires, so that the next pair begins alike.
                await().atMost(LONG)
                        .until(() -> cluster.count("router-1", "rmb_router_mailbox_messages") == 0);
            }

            double median = ratios.stream().sorted().toList().get(PAIRS / 2);
            System.out.printf("median %.0f %%%n", 100 * median);
            assertThat(median).isGreaterThanOrEqualTo(0.8);
        }
    }

    /** How many messages a second the good relay gets. */
    private static double measure(TestCluster cluster, ScriptedRelay good, String name) {
        send(cluster, good, name + "-warm", WARM);
        long began = System.nanoTime();
        send(cluster, good, name, EACH);
        return ADDRESSES * EACH / ((System.nanoTime() - began) / 1e9);
    }

    /** Sends to each address and awaits that the relay got everything. */
    private static void send(TestCluster cluster, ScriptedRelay good, String name, int each) {
        List<Envelope> messages = messages("7:" + name, ADDRESSES, each, 300);
        int before = good.requests();
        cluster.sendAll(messages);
        await().pollInterval(Duration.ofMillis(1))
                .atMost(LONG)
                .until(() -> good.requests() - before >= messages.size());
    }

    private static List<Envelope> messages(String prefix, int addresses, int each, long seconds) {
        List<Envelope> messages = new ArrayList<>();
        for (int number = 0; number < each; number++) {
            for (int address = 0; address < addresses; address++) {
                messages.add(
                        TestCluster.request(prefix + address, number).toBuilder()
                                .setExpiration(seconds)
                                .build());
            }
        }
        return messages;
    }
}
