package dev.rmb.router.stream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class RocksStoreTest {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir private Path directory = Path.of("");
    private final RocksStore store = new RocksStore("test");

    @BeforeEach
    void open() {
        store.open(directory.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void itIsAnOrderedMapWhateverIsPutAndDeleted() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        NavigableMap<Bytes, byte[]> expected = new TreeMap<>();
        for (int step = 0; step < 20_000; step++) {
            Bytes key = anyKey(random);
            if (random.nextInt(3) == 0) {
                expected.remove(key);
                store.put(key, null);
            } else {
                byte[] value = new byte[random.nextInt(40)];
                random.nextBytes(value);
                expected.put(key, value);
                store.put(key, value);
            }
            if (step % 100 == 0) {
                Bytes from = anyKey(random);
                Bytes to = anyKey(random);
                Bytes least = from.compareTo(to) <= 0 ? from : to;
                Bytes most = from.compareTo(to) <= 0 ? to : from;
                assertThat(texts(store.range(least, most)))
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(texts(expected.subMap(least, true, most, true)));
                assertThat(store.get(key)).isEqualTo(expected.get(key));
            }
        }
        assertThat(texts(store.all())).isEqualTo(texts(expected));

        store.close();
        store.open(directory.resolve("store"));

        assertThat(texts(store.all())).as("after a restart").isEqualTo(texts(expected));
    }

    @Test
    void anEmptyMailboxIsReadWithoutTheDeletionsBehindIt() throws Exception {
        for (int mailbox = 0; mailbox < 20; mailbox++) {
            for (int offset = 0; offset < 1_000; offset++) {
                store.put(key(mailbox, offset), new byte[] {1});
            }
        }
        for (int mailbox = 0; mailbox < 20; mailbox++) {
            for (int offset = 0; offset < 1_000; offset++) {
                store.put(key(mailbox, offset), null);
            }
        }

        long skipped =
                deletionsPassed(() -> {
                    try (var scan = store.range(key(3, 1_000), key(3, Long.MAX_VALUE))) {
                        assertThat(scan.hasNext()).isFalse();
                    }
                });

        assertThat(skipped).isZero();
        assertThat(
                        deletionsPassed(() -> {
                            try (var scan = store.range(key(3, 0), key(3, Long.MAX_VALUE))) {
                                assertThat(scan.hasNext()).isFalse();
                            }
                        }))
                .as("those of its own are passed: the counter counts")
                .isEqualTo(1_000);
    }

    @Test
    void whoReadsWhileItIsClosedIsToldSo() {
        store.put(bytes("a"), new byte[] {1});
        KeyValueIterator<Bytes, byte[]> scan = store.all();
        store.close();

        assertThatThrownBy(scan::hasNext).isInstanceOf(InvalidStateStoreException.class);
        assertThatThrownBy(() -> store.get(bytes("a")))
                .isInstanceOf(InvalidStateStoreException.class);
        assertThatThrownBy(() -> store.put(bytes("a"), null))
                .isInstanceOf(InvalidStateStoreException.class);
        scan.close();
        assertThat(store.isOpen()).isFalse();
    }

    @Test
    void deletingAndPuttingIfAbsentReturnWhatWasThere() {
        store.putAll(List.of(KeyValue.pair(bytes("a"), new byte[] {1})));

        assertThat(store.putIfAbsent(bytes("a"), new byte[] {2})).containsExactly(1);
        assertThat(store.putIfAbsent(bytes("b"), new byte[] {2})).isNull();
        assertThat(store.delete(bytes("a"))).containsExactly(1);
        assertThat(store.delete(bytes("a"))).isNull();
        assertThat(texts(store.all())).containsExactly("62=02");
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "where a directory should be");

        assertThatThrownBy(() -> new RocksStore("other").open(file.resolve("store")))
                .isInstanceOf(ProcessorStateException.class)
                .hasMessageContaining(file.toString());
    }

    private interface Reading {
        void read();
    }

    /** RocksDB counts for each thread, whichever of its databases is asked. */
    private long deletionsPassed(Reading reading) throws RocksDBException {
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB counter = RocksDB.open(options, directory.resolve("counter").toString())) {
            counter.setPerfLevel(PerfLevel.ENABLE_COUNT);
            long before = counter.getPerfContext().getInternalDeleteSkippedCount();
            reading.read();
            long passed = counter.getPerfContext().getInternalDeleteSkippedCount() - before;
            counter.setPerfLevel(PerfLevel.DISABLE);
            return passed;
        }
    }

    private static Bytes key(int mailbox, long offset) {
        return Bytes.wrap(
                ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                        .putInt(mailbox)
                        .putLong(offset)
                        .array());
    }

    /** Short, so that there are equal ones and beginnings of others; of all bytes. */
    private static Bytes anyKey(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(16) * 17);
        }
        return Bytes.wrap(key);
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(KeyValueIterator<Bytes, byte[]> scan) {
        List<String> texts = new ArrayList<>();
        try (scan) {
            while (scan.hasNext()) {
                KeyValue<Bytes, byte[]> entry = scan.next();
                texts.add(text(entry.key, entry.value));
            }
        }
        return texts;
    }

    private static List<String> texts(NavigableMap<Bytes, byte[]> entries) {
        return entries.entrySet().stream().map(e -> text(e.getKey(), e.getValue())).toList();
    }

    private static String text(Bytes key, byte @Nullable [] value) {
        return HEX.formatHex(key.get()) + "=" + (value == null ? "none" : HEX.formatHex(value));
    }
}
