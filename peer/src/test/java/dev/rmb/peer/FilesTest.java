package dev.rmb.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.rmb.peer.upload.UploadSettings;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import dev.rmb.protocol.envelope.Envelopes;
import dev.rmb.protocol.identity.KeyType;
import dev.rmb.twins.InMemoryTwins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files from one node to another. */
@SuppressWarnings("NullAway.Init") // set up before each test
final class FilesTest {
    private static final TestTwin ONE = TestTwin.of(1, KeyType.SR25519);
    private static final TestTwin TWO = TestTwin.of(2, KeyType.SR25519);
    private static final int SIZE = 3_000_000;

    @TempDir Path directory;
    private Path from;
    private Path to;
    private byte[] content;
    private TestRelay relay;
    private TestNode sending;
    private TestNode taking;

    @BeforeEach
    void start() throws Exception {
        from = Files.createDirectory(directory.resolve("from"));
        to = Files.createDirectory(directory.resolve("to"));
        content = new byte[SIZE];
        new Random(1).nextBytes(content);
        Files.write(from.resolve("data.bin"), content);
        InMemoryTwins twins = InMemoryTwins.of(ONE.encrypted(), TWO.encrypted());
        relay = TestRelay.start();
        sending = TestNode.withUploads(ONE, relay.url(), twins, UploadSettings.in(from));
        taking =
                TestNode.withUploads(
                        TWO,
                        relay.url(),
                        twins,
                        new UploadSettings(to, SIZE, 4, Duration.ofSeconds(2), Duration.ofDays(1)));
        Awaitility.await().until(() -> relay.isConnected(1) && relay.isConnected(2));
    }

    @AfterEach
    void stop() {
        sending.close();
        taking.close();
        relay.close();
    }

    private void upload(String path) {
        ObjectNode asked =
                TestNode.JSON.createObjectNode().put("path", path).put("cmd", "got.file");
        sending.push(
                "msgbus.system.local",
                TestNode.request("file.upload", asked.toString(), 2)
                        .put("shm", "application/json"));
    }

    @Test
    void aFileArrivesWholeAndItsServiceIsTold() throws Exception {
        upload("data.bin");

        JsonNode begun = sending.next("answers");
        JsonNode done = sending.next("answers");
        JsonNode told = taking.next("msgbus.got.file");

        assertThat(begun.get("err").isNull()).isTrue();
        assertThat(TestNode.text(begun)).matches("\"[0-9a-f-]{36}\"");
        assertThat(TestNode.text(done)).contains("\"complete\"");
        Path kept = to.toRealPath().resolve("1").resolve("data.bin");
        assertThat(TestNode.JSON.readTree(TestNode.text(told)).get("path").textValue())
                .isEqualTo(kept.toString());
        assertThat(kept).hasBinaryContent(content);
    }

    @Test
    void theSameUploadAgainGoesOnWhereItBroke() throws Exception {
        var chunks = new AtomicInteger();
        relay.changing(envelope ->
                envelope.getRequest().getCommand().equals("file.write")
                                && chunks.incrementAndGet() > 3
                        ? null
                        : envelope);
        upload("data.bin");
        assertThat(sending.next("answers").get("err").isNull()).isTrue();
        Awaitility.await().until(() -> chunks.get() == 6);
        relay.changing(envelope -> envelope);
        relay.forgetSeen();

        upload("data.bin");
        assertThat(sending.next("answers").get("err").isNull()).isTrue();
        assertThat(TestNode.text(sending.next("answers"))).contains("\"complete\"");

        assertThat(to.resolve("1").resolve("data.bin")).hasBinaryContent(content);
        Envelope write = relay.nextSeen();
        while (!write.getRequest().getCommand().equals("file.write")) {
            write = relay.nextSeen();
        }
        assertThat(write.getTags()).isEqualTo("offset=" + 3 * 512 * 1024);
    }

    @Test
    void filesOutsideTheDirectoryAreNotSent() throws Exception {
        for (String path : List.of("../to", "/etc/passwd", "missing")) {
            upload(path);
            assertThat(sending.next("answers").get("err").get("message").textValue())
                    .contains("no such file");
        }
        assertThat(relay.unseen()).isZero();
    }

    @Test
    void filesThatAreTooLargeAreNotTaken() throws Exception {
        Files.write(from.resolve("large.bin"), new byte[SIZE + 1]);

        upload("large.bin");

        assertThat(sending.next("answers").get("err").get("message").textValue())
                .contains("more than " + SIZE);
    }

    private void deliver(String command, String tags, String payload) {
        relay.deliver(
                Envelopes.sign(
                        Envelope.newBuilder()
                                .setUid("upload-1")
                                .setTags(tags)
                                .setTimestamp(System.currentTimeMillis() / 1000)
                                .setExpiration(60)
                                .setSource(Address.newBuilder().setTwin(1))
                                .setDestination(Address.newBuilder().setTwin(2))
                                .setRequest(Request.newBuilder().setCommand(command))
                                .setPlain(ByteString.copyFromUtf8(payload)),
                        ONE.keys()));
    }

    @Test
    void aPeerThatTellsNeitherNameNorOffsetsIsUnderstood() throws Exception {
        deliver("file.negotiate", "", "{\"size\":5}");
        deliver("file.write", "", "hel");
        deliver("file.write", "", "lo");
        deliver("file.close", "", "");

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(to.resolve("1").resolve("upload-1")).hasContent("hello"));
    }

    @Test
    void whatNoLongerArrivesIsGivenUp() throws Exception {
        deliver("file.negotiate", "", "{\"size\":5,\"name\":\"../evil\"}");
        assertThat(relay.nextSeen().getError().getMessage()).contains("file name");
        deliver("file.negotiate", "", "{\"size\":5}");
        assertThat(relay.nextSeen().hasResponse()).isTrue();

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2500))
                .untilAsserted(() -> {
                    deliver("file.write", "", "x");
                    assertThat(relay.nextSeen().getError().getMessage()).contains("given up");
                });
    }
}
