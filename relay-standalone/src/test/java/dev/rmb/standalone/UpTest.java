package dev.rmb.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rmb.proto.Envelope;
import dev.rmb.protocol.Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./relay up} as its users have it: a process, sockets, and a data directory. */
final class UpTest {
    private static final int MANY = 10_000;

    @TempDir Path directory;

    @Test
    void messagesOfEverySizeCrossByteForByte() throws Exception {
        try (RelayProcess relay = up();
                RawPeer sender = TestTwins.connect(relay.ws(), 1, null);
                RawPeer receiver = TestTwins.connect(relay.ws(), 2, "laptop")) {
            List<byte[]> sent = new ArrayList<>();
            for (int size : new int[] {0, 1, 125, 126, 4_096, 65_535, 65_536, 300_000, 1 << 20}) {
                byte[] envelope =
                        TestEnvelopes.unusual(
                                sender.address(), receiver.address(), "size-" + size, size, size);
                sent.add(envelope);
                sender.send(envelope);
            }
            for (byte[] envelope : sent) {
                assertThat(receiver.next()).isEqualTo(envelope);
            }
            assertThat(relay.terminate()).isZero();
        }
    }

    @Test
    void tenThousandMessagesArriveInOrderAcrossAStopAndAStart() throws Exception {
        Address from = new Address(1, null);
        Address to = new Address(2, null);
        try (RelayProcess relay = up();
                RawPeer sender = TestTwins.connect(relay.ws(), 1, null);
                RawPeer receiver = TestTwins.connect(relay.ws(), 2, null)) {
            for (int n = 0; n < MANY / 2; n++) {
                sender.send(numbered(from, to, n));
            }
            for (int n = 0; n < MANY / 2; n++) {
                assertThat(number(receiver.next())).isEqualTo(n);
            }
            receiver.vanish();
            for (int n = MANY / 2; n < MANY; n++) {
                sender.send(numbered(from, to, n));
            }
            confirmEverythingSent(sender);
            assertThat(relay.terminate()).isZero();
        }
        try (RelayProcess relay = up();
                RawPeer receiver = TestTwins.connect(relay.ws(), 2, null)) {
            int first = number(receiver.next());
            // What the first receiver never confirmed may come again; nothing may be missing.
            assertThat(first).isLessThanOrEqualTo(MANY / 2);
            for (int n = first + 1; n < MANY; n++) {
                assertThat(number(receiver.next())).isEqualTo(n);
            }
        }
    }

    @Test
    void whatWasAcceptedSurvivesAKill() throws Exception {
        Address from = new Address(1, null);
        Address to = new Address(2, null);
        try (RelayProcess relay = up();
                RawPeer sender = TestTwins.connect(relay.ws(), 1, null)) {
            for (int n = 0; n < 1_000; n++) {
                sender.send(numbered(from, to, n));
            }
            confirmEverythingSent(sender);
            relay.kill();
        }
        try (RelayProcess relay = up();
                RawPeer receiver = TestTwins.connect(relay.ws(), 2, null)) {
            for (int n = 0; n < 1_000; n++) {
                assertThat(number(receiver.next())).isEqualTo(n);
            }
        }
    }

    /** The answer to an application ping says that everything before it was accepted. */
    private static void confirmEverythingSent(RawPeer sender) throws Exception {
        sender.send(TestEnvelopes.ping(sender.address()));
        assertThat(Envelope.parseFrom(sender.next()).hasPong()).isTrue();
    }

    private RelayProcess up() throws Exception {
        Path twins = TestTwins.write(directory.resolve("twins.jsonl"), 4);
        return RelayProcess.up(directory, "file:" + twins);
    }

    private static byte[] numbered(Address from, Address to, int n) {
        return TestEnvelopes.request(
                from, to, "n" + n, Integer.toString(n).getBytes(StandardCharsets.UTF_8));
    }

    private static int number(byte[] envelope) throws Exception {
        return Integer.parseInt(Envelope.parseFrom(envelope).getPlain().toStringUtf8());
    }
}
