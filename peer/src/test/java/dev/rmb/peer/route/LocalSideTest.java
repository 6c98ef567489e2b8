package dev.rmb.peer.route;

import static org.awaitility.Awaitility.await;

import dev.rmb.client.RmbSession;
import dev.rmb.peer.message.OutgoingRequest;
import dev.rmb.peer.redis.ForgetfulStore;
import dev.rmb.proto.Envelope;
import dev.rmb.protocol.identity.KeyPair;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.InMemoryTwins;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LocalSideTest {
    private final BlockingQueue<byte[]> pushed = new LinkedBlockingQueue<>();

    /** Gives what was pushed; fails as nothing should at what is empty. */
    private final class Requests extends ForgetfulStore {
        @Override
        public byte @Nullable [] take(String list, Duration wait) throws InterruptedException {
            byte[] next =
                    list.equals(LocalLists.REQUESTS)
                            ? pushed.poll(100, TimeUnit.MILLISECONDS)
                            : new LinkedBlockingQueue<byte[]>().poll(100, TimeUnit.MILLISECONDS);
            if (next != null && next.length == 0) {
                throw new AssertionError("cannot be taken");
            }
            return next;
        }
    }

    private static byte[] request(String command) {
        return """
        {"ver":1,"cmd":"%s","exp":60,"dat":"","dst":[2],"ret":"r","now":0}\
        """
                .formatted(command)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anErrorInOneMessageEndsNeitherItsThreadNorTheNext() {
        List<String> taken = new CopyOnWriteArrayList<>();
        var failing =
                new Module() {
                    @Override
                    public String name() {
                        return "bad";
                    }

                    @Override
                    public boolean local(OutgoingRequest request) {
                        taken.add(request.command());
                        throw new StackOverflowError();
                    }

                    @Override
                    public void request(Envelope request) {}
                };
        var lists = new LocalLists(new Requests(), InstantSource.system());
        try (KeyPair keys = KeyPair.of(KeyType.ED25519, "//local");
                RmbSession session =
                        RmbSession.builder()
                                .relay(URI.create("ws://127.0.0.1:1"))
                                .twin(1)
                                .signer(keys)
                                .directory(InMemoryTwins.of())
                                .receiver(message -> message.done())
                                .start();
                var outbox = new Outbox(session, lists, InstantSource.system())) {
            LocalSide side = LocalSide.start(lists, outbox, Map.of("bad", failing));
            pushed.add(request("bad.one"));
            pushed.add(new byte[0]);
            pushed.add(request("bad.two"));

            await().until(() -> taken.equals(List.of("bad.one", "bad.two")));
            lists.stop();
            side.stop(Duration.ofSeconds(5));
        }
    }
}
