package dev.rmb.gateway.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.rmb.cluster.link.GatewayMessage;
import dev.rmb.cluster.link.Link;
import dev.rmb.cluster.link.RouterMessage;
import dev.rmb.cluster.link.Whereabouts;
import dev.rmb.cluster.ownership.Claim;
import dev.rmb.gateway.offers.OfferSettings;
import dev.rmb.gateway.offers.Offering;
import dev.rmb.gateway.ratelimit.RateLimiter;
import dev.rmb.gateway.ratelimit.RateLimits;
import dev.rmb.protocol.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class QuestionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Address BOB = new Address(2, "laptop");

    /** Longer than the test. */
    private static final long NEVER_MS = 600_000;

    private final MetricRegistry registry = new MetricRegistry();
    private final LinkMetrics metrics = new LinkMetrics(registry);
    private final PartitionPresence partition = new PartitionPresence(0);
    private final PartitionPresence[] partitions = {partition};
    private final Questions questions = new Questions(partitions, NEVER_MS, metrics);
    private final Owner first = new Owner();
    private final Owner second = new Owner();

    @Test
    void theOwnersAnswerIsTheAnswerToTheQuestionItNames() {
        obey(first, 1);
        CompletableFuture<Whereabouts> one = ask();
        CompletableFuture<Whereabouts> other = ask();
        assertThat(first.asked()).extracting(GatewayMessage.Asked::address).containsOnly(BOB);

        first.answer(1, Whereabouts.OFFLINE);
        assertThat(one).isNotDone();
        first.answer(0, Whereabouts.CONNECTED);

        assertThat(one).isCompletedWithValue(Whereabouts.CONNECTED);
        assertThat(other).isCompletedWithValue(Whereabouts.OFFLINE);
        assertThat(questions.open()).isZero();
    }

    @Test
    void withoutAnOwnerNobodyKnows() {
        assertThat(ask()).isCompletedWithValue(Whereabouts.UNKNOWN);

        obey(first, 1);
        first.writable = false;
        assertThat(ask()).isCompletedWithValue(Whereabouts.UNKNOWN);
        assertThat(first.asked()).isEmpty();
        assertThat(questions.open()).isZero();
    }

    @Test
    void anOwnerThatIsSilentDoesNotKnow() {
        var impatient = new Questions(partitions, 1, metrics);
        obey(first, 1);
        CompletableFuture<Whereabouts> answer = impatient.ask(0, BOB).toCompletableFuture();

        await().atMost(PATIENCE).until(answer::isDone);
        assertThat(answer).isCompletedWithValue(Whereabouts.UNKNOWN);
        assertThat(impatient.open()).isZero();
    }

    @Test
    void withItsLinkTheAnswerIsLost() {
        obey(first, 1);
        CompletableFuture<Whereabouts> answer = ask();

        questions.lost(second.link);
        assertThat(answer).isNotDone();
        questions.lost(first.link);

        assertThat(answer).isCompletedWithValue(Whereabouts.UNKNOWN);
    }

    @Test
    void theAnswerOfAnOwnerThatIsNoneAnyMoreDoesNotCount() {
        obey(first, 1);
        CompletableFuture<Whereabouts> answer = ask();
        obey(second, 2);

        first.answer(0, Whereabouts.OFFLINE);

        assertThat(answer).isCompletedWithValue(Whereabouts.UNKNOWN);
    }

    @Test
    void nobodyAnswersForAnother() {
        obey(first, 1);
        CompletableFuture<Whereabouts> answer = ask();
        GatewayMessage.Asked asked = first.asked().getFirst();

        questions.heard(
                second.link,
                new RouterMessage.Answered(0, 1, asked.question(), Whereabouts.OFFLINE));
        questions.heard(
                first.link,
                new RouterMessage.Answered(0, 1, asked.question() + 1, Whereabouts.OFFLINE));

        assertThat(answer).isNotDone();
    }

    @Test
    void thereIsABound() {
        obey(first, 1);
        List<CompletableFuture<Whereabouts>> answers = new ArrayList<>();
        for (int i = 0; i < Questions.MAX; i++) {
            answers.add(ask());
        }
        assertThat(answers).noneMatch(CompletableFuture::isDone);

        assertThat(ask()).isCompletedWithValue(Whereabouts.UNKNOWN);
        assertThat(questions.open()).isEqualTo(Questions.MAX);
        first.answer(7, Whereabouts.CONNECTED);
        assertThat(ask()).isNotDone();
        assertThat(registry.counter("rmb_gateway_questions_unanswered_total").getCount())
                .isEqualTo(1);
    }

    private CompletableFuture<Whereabouts> ask() {
        return questions.ask(0, BOB).toCompletableFuture();
    }

    private void obey(Owner owner, long epoch) {
        assertThat(partition.claimed(new Claim(0, epoch, "router:1", "router", 1), 0)).isTrue();
        partition.obey(owner.link, owner);
    }

    /** The other end of a link. */
    private final class Owner implements Link<GatewayMessage> {
        private final List<GatewayMessage> heard = new ArrayList<>();
        private boolean writable = true;
        private final OwnerLink link =
                new OwnerLink(
                        "router:1",
                        partitions,
                        List.of(),
                        metrics,
                        new UsageReports(
                                new RateLimiter(new RateLimits(() -> 0, () -> 0)), partitions),
                        questions,
                        new Offering(
                                new OfferSettings(false, Duration.ZERO, 1),
                                0,
                                new MetricRegistry()),
                        new OwnerLink.Events() {
                            @Override
                            public void opened(OwnerLink opened) {}

                            @Override
                            public void closed(OwnerLink closed) {}
                        });

        List<GatewayMessage.Asked> asked() {
            return heard.stream()
                    .filter(GatewayMessage.Asked.class::isInstance)
                    .map(GatewayMessage.Asked.class::cast)
                    .toList();
        }

        void answer(int which, Whereabouts known) {
            GatewayMessage.Asked asked = asked().get(which);
            questions.heard(
                    link,
                    new RouterMessage.Answered(
                            asked.partition(), asked.epoch(), asked.question(), known));
        }

        @Override
        public String peer() {
            return "router";
        }

        @Override
        public long peerIncarnation() {
            return 1;
        }

        @Override
        public void send(GatewayMessage message) {
            heard.add(message);
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void close() {}
    }
}
