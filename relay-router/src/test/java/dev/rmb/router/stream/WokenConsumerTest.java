package dev.rmb.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of its waits alone: there is no broker, and so nothing ever comes. */
final class WokenConsumerTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final int MORE_THAN_IT_HAS_PATIENCE_FOR = 105;

    private final Waker waker = Waker.mine();
    private final WokenConsumer consumer =
            new WokenConsumer(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            // Nobody listens at the discard port.
                            "127.0.0.1:9",
                            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                            false));

    WokenConsumerTest() {
        consumer.assign(List.of(new TopicPartition("nothing", 0)));
    }

    @AfterEach
    void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    private void lieDown() {
        for (int i = 0; i < MORE_THAN_IT_HAS_PATIENCE_FOR; i++) {
            assertThat(consumer.poll(SHORT)).isEmpty();
        }
        assertThat(waker.isResting()).isTrue();
    }

    @Test
    void whereNothingComesForAWhileItRests() {
        assertThat(consumer.poll(SHORT)).isEmpty();
        assertThat(waker.isResting()).isFalse();

        lieDown();
    }

    @Test
    void whoHasWorkLeftDoesNotRest() {
        lieDown();
        waker.call();
        assertThat(consumer.poll(SHORT)).isEmpty();

        assertThat(waker.isResting()).isFalse();
    }

    @Test
    void whatComesBeforeItWaitsKeepsItAwake() {
        lieDown();
        waker.callIfResting();
        assertThat(consumer.poll(SHORT)).isEmpty();

        assertThat(waker.isResting()).isFalse();
    }

    @Test
    void whatComesWhileItRestsEndsTheRest() throws InterruptedException {
        lieDown();
        Thread caller =
                Thread.ofPlatform()
                        .name("caller")
                        .start(() -> {
                            while (waker.isResting() && !Thread.interrupted()) {
                                waker.callIfResting();
                            }
                        });
        for (int i = 0; i < MORE_THAN_IT_HAS_PATIENCE_FOR && waker.isResting(); i++) {
            assertThat(consumer.poll(SHORT)).isEmpty();
        }
        boolean stillRests = waker.isResting();
        caller.interrupt();
        caller.join();

        assertThat(stillRests).isFalse();
    }

    @Test
    void aPollThatIsNotToWaitDoesNotRest() {
        lieDown();
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();

        assertThat(waker.isResting()).isFalse();
    }
}
