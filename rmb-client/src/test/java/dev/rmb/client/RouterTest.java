package dev.rmb.client;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class RouterTest {
    private final List<String> trace = new ArrayList<>();

    private Router.Middleware traced(String name) {
        return (request, next) -> {
            trace.add("before " + name);
            return next.handle(request)
                    .whenComplete((answer, failure) -> trace.add("after " + name));
        };
    }

    private static void run(Router router, String command) throws Exception {
        var request =
                new Request(
                        Address.of(1),
                        Envelope.newBuilder()
                                .setRequest(dev.rmb.proto.Request.newBuilder().setCommand(command))
                                .build(),
                        ByteString.EMPTY);
        RequestHandler handler = Objects.requireNonNull(router.routes().of(command), command);
        handler.handle(request).toCompletableFuture().join();
    }

    private RequestHandler handler(String name) {
        return request -> {
            trace.add(name);
            return completedFuture(new byte[0]);
        };
    }

    @Test
    void middlewareIsAroundWhatIsGivenAfterItFromOutsideIn() throws Exception {
        var router = new Router().handle("bare", handler("bare")).use(traced("all"));
        Router zos = router.group("zos").use(traced("zos"));
        zos.handle("version", handler("version"));
        zos.group("network").use(traced("network")).handle("list", handler("list"));
        router.handle("plain", handler("plain")).handleOthers(handler("others"));

        run(router, "bare");
        run(router, "zos.version");
        run(router, "zos.network.list");
        run(router, "plain");
        run(router, "zos.what");

        assertThat(trace)
                .containsExactly(
                        "bare",
                        "before all",
                        "before zos",
                        "version",
                        "after zos",
                        "after all",
                        "before all",
                        "before zos",
                        "before network",
                        "list",
                        "after network",
                        "after zos",
                        "after all",
                        "before all",
                        "plain",
                        "after all",
                        "before all",
                        "others",
                        "after all");
    }

    @Test
    void middlewareMayAnswerItself() throws Exception {
        var router = new Router();
        router.use((request, next) -> {
            throw new HandlerException(403, "not for you");
        });
        router.handle("secret", handler("secret"));

        assertThatThrownBy(() -> run(router, "secret")).isInstanceOf(HandlerException.class);
        assertThat(trace).isEmpty();
    }

    @Test
    void aCommandHasOneHandler() {
        var router = new Router().handle("a.b", handler("1"));
        assertThatThrownBy(() -> router.group("a").handle("b", handler("2")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Router().handle("a.b", handler("2")).include(router))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> router.group("a").handleOthers(handler("3")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(router.routes().of("a.c")).isNull();
    }

    @Test
    void onlyTheLastRequestsAreRemembered() {
        var seen = new SeenRequests(2, 1000);
        assertThat(seen.isNew(request("1"))).isTrue();
        assertThat(seen.isNew(request("1"))).isFalse();
        assertThat(seen.isNew(request("2"))).isTrue();
        assertThat(seen.isNew(request("3"))).isTrue();
        assertThat(seen.isNew(request("3"))).isFalse();
        assertThat(seen.isNew(request("1"))).as("forgotten").isTrue();
        assertThat(seen.isNew(request(""))).isTrue();
        assertThat(seen.isNew(request(""))).as("without uid").isTrue();
    }

    @Test
    void answersAreRememberedAsFarAsTheyFit() {
        var seen = new SeenRequests(3, 150);
        for (String uid : List.of("1", "2", "3")) {
            assertThat(seen.isNew(request(uid))).isTrue();
            seen.answered(request(uid), answer(60));
        }
        assertThat(seen.answerTo(request("1"))).as("pushed out by its size").isEmpty();
        assertThat(seen.answerTo(request("2"))).isPresent();
        assertThat(seen.isNew(request("4"))).isTrue();
        assertThat(seen.isNew(request("5"))).isTrue();
        assertThat(seen.answerTo(request("2"))).as("forgotten with its request").isEmpty();
        assertThat(seen.answerTo(request("3"))).isPresent();
        seen.answered(request("5"), answer(1000));
        assertThat(seen.answerTo(request("5"))).as("too large").isEmpty();
        assertThat(seen.answerTo(request("3"))).isPresent();
    }

    private static Envelope answer(int bytes) {
        return Envelope.newBuilder().setPlain(ByteString.copyFrom(new byte[bytes])).build();
    }

    private static Request request(String uid) {
        return new Request(
                Address.of(1), Envelope.newBuilder().setUid(uid).build(), ByteString.EMPTY);
    }
}
