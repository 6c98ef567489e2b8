package dev.rmb.peer.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rmb.peer.redis.ForgetfulStore;
import dev.rmb.peer.route.LocalLists;
import dev.rmb.proto.Address;
import dev.rmb.proto.Envelope;
import dev.rmb.proto.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where files come from and go to, and how they become whole. */
@SuppressWarnings("NullAway.Init") // set up before each test
final class UploadTest {
    @TempDir Path temporary;
    private Path root;
    private UploadDirectory directory;

    @BeforeEach
    void make() throws IOException {
        root = temporary.resolve("uploads");
        directory = new UploadDirectory(root);
        Files.writeString(temporary.resolve("secret"), "s");
        Files.writeString(root.resolve("own.txt"), "o");
        Files.createSymbolicLink(root.resolve("link"), temporary.resolve("secret"));
        Files.createSymbolicLink(root.resolve("out"), temporary);
    }

    @Test
    void filesWithinTheDirectoryMayBeSent() throws Exception {
        Path real = root.toRealPath().resolve("own.txt");

        assertThat(directory.source("own.txt")).isEqualTo(real);
        assertThat(directory.source(real.toString())).isEqualTo(real);
        assertThat(directory.source("./own.txt")).isEqualTo(real);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "link",
                "out/secret",
                "/etc/passwd",
                "missing",
                ".",
                "",
                ".parts/1-a",
                "own.txt/../../secret",
                "a\u0000b"
            })
    void nothingElseMayBeSent(String path) throws IOException {
        Files.writeString(directory.part(1, "a"), "p");

        assertThatThrownBy(() -> directory.source(path)).isInstanceOf(UploadException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "../x",
                "/x",
                "a/b",
                "a\\b",
                "C:x",
                ".hidden",
                "x.",
                "x ",
                "a\nb",
                "a\u0000b",
                "a\u202Eb",
                "con|x",
                "a*b"
            })
    void namesThatCouldLeadElsewhereAreRefused(String name) {
        assertThatThrownBy(() -> UploadDirectory.checkedName(name))
                .isInstanceOf(UploadException.class);
    }

    @Test
    void namesThatAreTooLongAreRefused() {
        assertThatThrownBy(() -> UploadDirectory.checkedName("ä".repeat(101)))
                .isInstanceOf(UploadException.class);
    }

    private Path part(String content) throws IOException {
        return Files.writeString(directory.part(7, "abc"), content);
    }

    @Test
    void aFileIsKeptUnderItsNameInItsTwinsFolder() throws Exception {
        Path kept = directory.keep(part("x"), 7, "report.pdf");

        assertThat(kept).isEqualTo(root.toRealPath().resolve("7").resolve("report.pdf"));
        assertThat(kept).hasContent("x");
    }

    @Test
    void aFileIsNeverReplacedInWhateverCaseItsNameIs() throws Exception {
        directory.keep(part("x"), 7, "report.pdf");

        assertThatThrownBy(() -> directory.keep(part("y"), 7, "Report.PDF"))
                .isInstanceOf(UploadException.class)
                .hasMessageContaining("already");
        assertThat(root.resolve("7/report.pdf")).hasContent("x");
    }

    @Test
    void aFolderThatIsALinkIsNotUsed() throws Exception {
        Files.createSymbolicLink(root.resolve("7"), temporary);

        assertThatThrownBy(() -> directory.keep(part("x"), 7, "new"))
                .isInstanceOf(UploadException.class);
        assertThat(temporary.resolve("new")).doesNotExist();
    }

    @Test
    void partsThatNobodyAddsToAreRemoved() throws Exception {
        Path part = part("x");

        directory.sweep(Instant.now().minusSeconds(60));
        assertThat(part).exists();
        directory.sweep(Instant.now().plusSeconds(60));
        assertThat(part).doesNotExist();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Arrival.Offer offer(String content) throws IOException {
        Path same = Files.writeString(Files.createTempFile("offer", ""), content);
        String sha256 = Arrival.sha256(same);
        Files.delete(same);
        return new Arrival.Offer("name", content.length(), sha256, null);
    }

    @Test
    void anArrivalGoesOnWhereItWasLeft() throws Exception {
        Arrival.Offer offer = offer("hello world");
        Path part = directory.part(7, "h");
        try (Arrival first = Arrival.open(offer, part, 0)) {
            assertThat(first.write(0L, bytes("hello"), 0)).isEqualTo(5);
        }
        try (Arrival second = Arrival.open(offer, part, 0)) {
            assertThat(second.offset()).isEqualTo(5);
            // A chunk that comes again, and one that overlaps.
            assertThat(second.write(0L, bytes("hello"), 0)).isEqualTo(5);
            assertThat(second.write(3L, bytes("lo world"), 0)).isEqualTo(11);
            second.finish();
        }
        assertThat(part).hasContent("hello world");
    }

    @Test
    void gapsExcessAndDamageAreRefused() throws Exception {
        Arrival.Offer offer = offer("hello");
        for (var wrong : Map.of(1L, "hello", 0L, "hello!").entrySet()) {
            try (Arrival arrival = Arrival.open(offer, directory.part(7, "w"), 0)) {
                assertThatThrownBy(() -> arrival.write(wrong.getKey(), bytes(wrong.getValue()), 0))
                        .isInstanceOf(UploadException.class);
            }
        }
        try (Arrival arrival = Arrival.open(offer, directory.part(7, "w"), 0)) {
            arrival.write(null, bytes("hallo"), 0);
            assertThatThrownBy(arrival::finish).hasMessageContaining("damaged");
        }
        try (Arrival arrival = Arrival.open(offer, directory.part(7, "s"), 0)) {
            arrival.write(null, bytes("hell"), 0);
            assertThatThrownBy(arrival::finish).hasMessageContaining("only 4 of 5");
        }
    }

    private static Arrivals arrivals(UploadDirectory directory, Path root, long maxBytes) {
        return new Arrivals(
                new UploadSettings(root, maxBytes, 16, Duration.ofMinutes(2), Duration.ofDays(1)),
                directory,
                new LocalLists(new ForgetfulStore(), InstantSource.system()));
    }

    private static Envelope begun(String uid, long size, char digest) {
        String json =
                "{\"size\":%d,\"name\":\"%s\",\"sha256\":\"%s\"}"
                        .formatted(size, uid, String.valueOf(digest).repeat(64));
        return Envelope.newBuilder()
                .setUid(uid)
                .setSource(Address.newBuilder().setTwin(7))
                .setRequest(Request.newBuilder().setCommand("file.negotiate"))
                .setPlain(ByteString.copyFromUtf8(json))
                .build();
    }

    @Test
    void ofOneTwinOnlySoManyFilesAreBegunAndNotFinished() throws Exception {
        for (int i = 0; i < 16; i++) {
            Files.writeString(directory.part(7, "old" + i), "x");
        }
        Files.writeString(directory.part(77, "other"), "x");
        try (Arrivals arrivals = arrivals(directory, root, 100)) {
            assertThatThrownBy(() -> arrivals.answer(begun("new", 1, 'a')))
                    .isInstanceOf(UploadException.class)
                    .hasMessageContaining("begun and not finished");

            Files.delete(directory.part(7, "old0"));
            assertThat(arrivals.answer(begun("new", 1, 'a'))).isNotEmpty();
            // What was begun may go on.
            assertThat(arrivals.answer(begun("again", 1, 'a'))).isNotEmpty();
        }
    }

    @Test
    void ofOneTwinOnlySoManyBytesAreBegunAndNotFinished() throws Exception {
        Files.write(directory.part(7, "old"), new byte[250]);
        try (Arrivals arrivals = arrivals(directory, root, 100)) {
            assertThat(arrivals.answer(begun("first", 100, 'a'))).isNotEmpty();
            // Of the first nothing came yet; it will.
            assertThatThrownBy(() -> arrivals.answer(begun("second", 60, 'b')))
                    .isInstanceOf(UploadException.class)
                    .hasMessageContaining("begun and not finished");
            assertThat(arrivals.answer(begun("third", 50, 'c'))).isNotEmpty();
        }
    }
}
