package dev.rmb.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Response;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.KeyType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What begins ends in its time, whoever else does not. */
@Timeout(60)
final class EndsTest {
    private static final Duration TTL = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final LoopbackRelay relay = LoopbackRelay.start();
    private final List<RmbClient> clients = new ArrayList<>();
    private final Twinned caller = Twinned.of("7:caller", KeyType.ED25519, false);
    private final Twinned service = Twinned.of("8", KeyType.ED25519, false);

    @AfterEach
    void closeEverything() {
        clients.forEach(RmbClient::close);
        relay.close();
    }

    private RmbClient connect(RmbClientBuilder builder) {
        RmbClient client = builder.connect();
        clients.add(client);
        return client;
    }

    private static RequestHandler echo() {
        return request -> completedFuture(request.payload());
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static void assertFails(CompletionStage<?> stage, Class<? extends RmbException> type) {
        assertThatThrownBy(() -> join(stage))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(type);
    }

    private Call call(String command, Duration ttl) {
        return Call.of(service.address(), command).withPayload("x".getBytes(UTF_8)).withTtl(ttl);
    }

    @Test
    void aHandlerWhoseStageNeverCompletesGivesItsPlaceToOthersWhenTheRequestsTimeIsOver() {
        var never = new CompletableFuture<byte[]>();
        var ends = new ArrayList<ClientMetrics.Outcome>();
        connect(
                service.at(relay)
                        .servingAtOnce(1)
                        .metrics(
                                new ClientMetrics() {
                                    @Override
                                    public void served(String of, Outcome outcome, Duration took) {
                                        ends.add(outcome);
                                    }
                                })
                        .handle("stuck", request -> never)
                        .handle("echo", echo()));
        RmbClient client = connect(caller.at(relay));

        CompletionStage<Reply> stuck = client.call(call("stuck", SHORT));
        CompletionStage<Reply> behind = client.call(call("echo", TTL));

        assertThat(join(behind).payload()).isEqualTo("x".getBytes(UTF_8));
        assertFails(stuck, CallTimeoutException.class);
        assertThat(ends)
                .containsExactly(ClientMetrics.Outcome.TIMEOUT, ClientMetrics.Outcome.ANSWERED);
        long answers = relay.received().stream().filter(Envelope::hasResponse).count();
        never.complete(new byte[0]);
        join(client.call(call("echo", TTL)));
        assertThat(relay.received().stream().filter(Envelope::hasResponse))
                .as("the late answer is dropped")
                .hasSize((int) answers + 1);
    }

    @Test
    void aHandlerThatBlocksIsInterruptedWhenTheRequestsTimeIsOver() {
        var interrupted = new CompletableFuture<Boolean>();
        connect(
                service.at(relay)
                        .servingAtOnce(1)
                        .handle(
                                "blocks",
                                request -> {
                                    try {
                                        new CountDownLatch(1).await();
                                    } finally {
                                        interrupted.complete(true);
                                    }
                                    return completedFuture(new byte[0]);
                                })
                        .handle("echo", echo()));
        RmbClient client = connect(caller.at(relay));

        CompletionStage<Reply> blocked = client.call(call("blocks", SHORT));

        join(client.call(call("echo", TTL)));
        assertThat(join(interrupted)).isTrue();
        assertFails(blocked, CallTimeoutException.class);
    }

    @Test
    void whatInterruptsAHandlerStaysWithIt() {
        var served = new AtomicBoolean();
        var serving = new Serving(() -> served.set(true));
        assertThat(serving.begins()).isTrue();
        assertThat(serving.giveUp()).isTrue();
        assertThat(served).isTrue();
        serving.returned();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(serving.answers()).isFalse();
        assertThat(serving.giveUp()).isFalse();
        assertThat(new Serving(() -> {}).answers()).isTrue();
    }

    @Test
    void whoGivesUpAJsonAnswerGivesUpTheCall() {
        RmbClient client = connect(caller.at(relay));
        service.at(relay);
        CompletionStage<String> answer =
                client.callJson(service.address(), "greet", "x", String.class);
        assertThat(client.callsInFlight()).isOne();

        assertThat(answer.toCompletableFuture().cancel(false)).isTrue();

        assertThat(client.callsInFlight()).isZero();
    }

    @Test
    void awaitWaitsNoLongerThanToldWhateverTheTtl() {
        RmbClient client = connect(caller.at(relay).callsInFlight(1));
        service.at(relay);

        assertThatThrownBy(() -> client.await(call("greet", TTL), Duration.ofMillis(200)))
                .isInstanceOf(CallTimeoutException.class);
        assertThat(client.callsInFlight()).isZero();

        CompletionStage<Reply> other = client.call(call("greet", TTL));
        assertThatThrownBy(() -> client.await(call("greet", TTL), Duration.ofMillis(200)))
                .as("no room")
                .isInstanceOf(SendQueueFullException.class);
        assertThat(other.toCompletableFuture()).isNotDone();
    }

    @Test
    void whatIsSentAgainHasTheTimeThatIsLeft() {
        RmbClient client = connect(caller.at(relay));
        service.at(relay);
        CompletionStage<Reply> reply = client.call(call("greet", TTL).idempotent());
        await().until(() -> relay.received().size() == 1);
        // Seconds are what the wire counts.
        await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);

        relay.dropConnections();

        await().until(() -> relay.received().size() == 2);
        Envelope first = relay.received().get(0);
        Envelope second = relay.received().get(1);
        assertThat(second.getUid()).isEqualTo(first.getUid());
        assertThat(second.getTimestamp() + second.getExpiration())
                .isLessThanOrEqualTo(first.getTimestamp() + first.getExpiration() + 1);
        assertThat(second.getExpiration()).isLessThan(first.getExpiration());
        reply.toCompletableFuture().cancel(false);
    }

    @Test
    void whatWaitsBehindARelayThatDoesNotReadEndsWithItsTime() {
        RmbClient client = connect(caller.at(relay));
        service.at(relay);
        relay.goSilent();
        var unused = client.send(message(15 << 20, 60));
        var unusedToo = client.send(message(15 << 20, 60));

        assertFails(client.send(message(1, 1)), NotConnectedException.class);
    }

    private Envelope message(int size, long expiration) {
        return Envelope.newBuilder()
                .setUid("u" + size)
                .setExpiration(expiration)
                .setDestination(Envelopes.toProto(service.address()))
                .setResponse(Response.getDefaultInstance())
                .setPlain(ByteString.copyFrom(new byte[size]))
                .build();
    }
}
