package dev.rmb.twins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileTwinDirectoryTest extends TwinDirectoryContract {
    private static final String ACCOUNT = "0x" + "ab".repeat(32);

    @TempDir Path folder;

    private @Nullable FileTwinDirectory directory;

    @Override
    void given(List<Twin> twins) throws Exception {
        write(twins.stream().map(FileTwinDirectoryTest::line).collect(Collectors.joining("\n")));
    }

    @Override
    TwinDirectory directory() {
        FileTwinDirectory opened = directory;
        if (opened == null) {
            opened = FileTwinDirectory.open(file());
            directory = opened;
        }
        return opened;
    }

    @AfterEach
    void close() {
        if (directory != null) {
            directory.close();
        }
    }

    @Test
    void theFormatOfTheCommandLineIsRead() throws Exception {
        write(
                """
                {"id":7,"account":"%s","relay":"relay.example.org","pk":"0x02%s"}

                {"account":"%s","id":8}
                """
                        .formatted(ACCOUNT, "cd".repeat(32), "0x" + "01".repeat(32)));

        Twin seven = now(directory().byId(7)).orElseThrow();
        assertThat(seven.account()).hasToString(ACCOUNT);
        assertThat(seven.relay()).isEqualTo("relay.example.org");
        assertThat(seven.pk()).isEqualTo(HexFormat.of().parseHex("02" + "cd".repeat(32)));
        Twin eight = now(directory().byId(8)).orElseThrow();
        assertThat(eight.relay()).isNull();
        assertThat(eight.pk()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'id':7}                                            | account is missing",
                "{'account':'ACCOUNT'}                               | id must be a whole number",
                "{'id':'7','account':'ACCOUNT'}                      | id must be a whole number",
                "{'id':7.5,'account':'ACCOUNT'}                      | id must be a whole number",
                "{'id':0,'account':'ACCOUNT'}                        | a twin's id is within",
                "{'id':4294967296,'account':'ACCOUNT'}               | a twin's id is within",
                "{'id':7,'account':'0x00'}                           | account id",
                "{'id':7,'account':'ACCOUNT','pk':'0x00'}            | 33 bytes",
                "{'id':7,'account':'ACCOUNT','pk':'zz'}              | hex digits",
                "{'id':7,'account':'ACCOUNT','relay':''}             | domains",
                "{'id':7,'account':'ACCOUNT','relay':'a b'}          | domains",
                "{'id':7,'account':'ACCOUNT','relay':5}              | relay must be a text",
                "{'id':7,'account':'ACCOUNT','rely':'x'}             | there is no field 'rely'",
                "{'id':7,'id':8,'account':'ACCOUNT'}                 | no JSON",
                "{'id':7,'account':'ACCOUNT'} x                      | no JSON",
                "{'id':1,'account':'0x0101010101010101010101010101010101010101010101010101010101010101'} | id 1 is in line 1 already",
                "{'id':7,'account':'0x0000000000000000000000000000000000000000000000000000000000000000'} | in line 1 already",
                "[]                                                  | must be a JSON object",
                "nonsense                                            | no JSON",
            })
    void aBadLineIsNamed(String line, String complaint) throws Exception {
        write(
                """
                {"id":1,"account":"0x0000000000000000000000000000000000000000000000000000000000000000"}

                """
                        + line.replace('\'', '"').replace("ACCOUNT", ACCOUNT));

        assertThatThrownBy(() -> FileTwinDirectory.open(file()))
                .isInstanceOf(DirectoryException.class)
                .hasMessageContaining(file() + ", line 3: ")
                .hasMessageContaining(complaint);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> FileTwinDirectory.open(file()))
                .isInstanceOf(DirectoryException.class)
                .hasMessage("there is no file " + file());
    }

    @Test
    void aFileThatBreaksLeavesWhatWasReadUntilItIsMended() throws Exception {
        given(List.of(Twins.bare(1)));
        assertThat(now(directory().byId(1))).isPresent();

        write("nonsense\n");
        Files.delete(file());
        given(List.of(Twins.bare(1), Twins.bare(2)));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory().byId(2))).isPresent());
        assertThat(now(directory().byId(1))).isPresent();
    }

    @Test
    void aFileInTheMiddleOfBeingWrittenIsNotTakenForTheWhole() throws Exception {
        given(List.of(Twins.bare(1), Twins.bare(2)));
        assertThat(now(directory().byId(2))).isPresent();
        var writes = new AtomicInteger();

        Awaitility.await()
                .pollInterval(Duration.ofMillis(40))
                .atMost(SOON)
                .until(() -> {
                    assertThat(now(directory().byId(2))).isPresent();
                    given(
                            writes.incrementAndGet() % 4 == 0
                                    ? List.of(Twins.bare(1), Twins.bare(2))
                                    : List.of(Twins.bare(1)));
                    return writes.get() == 60;
                });

        given(List.of(Twins.bare(2), Twins.bare(3)));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory().byId(3))).isPresent());
    }

    @Test
    void aFileReplacedThroughALinkIsSeen() throws Exception {
        // As Kubernetes changes a mounted ConfigMap.
        Path first = Files.writeString(folder.resolve("first"), line(Twins.bare(1)));
        Path second = Files.writeString(folder.resolve("second"), line(Twins.bare(2)));
        Files.setLastModifiedTime(second, Files.getLastModifiedTime(first));
        Files.createSymbolicLink(file(), first);
        assertThat(now(directory().byId(1))).isPresent();

        Path link = Files.createSymbolicLink(folder.resolve("link"), second);
        Files.move(link, file(), StandardCopyOption.ATOMIC_MOVE);

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(now(directory().byId(2))).isPresent());
    }

    private Path file() {
        return folder.resolve("twins.jsonl");
    }

    private void write(String text) throws Exception {
        Files.writeString(file(), text);
    }

    private static String line(Twin twin) {
        var line = new StringBuilder();
        line.append("{\"id\":").append(twin.id());
        line.append(",\"account\":\"").append(twin.account()).append('"');
        if (twin.relay() != null) {
            line.append(",\"relay\":\"").append(twin.relay()).append('"');
        }
        byte[] pk = twin.pk();
        if (pk != null) {
            line.append(",\"pk\":\"0x").append(HexFormat.of().formatHex(pk)).append('"');
        }
        return line.append('}').toString();
    }
}
