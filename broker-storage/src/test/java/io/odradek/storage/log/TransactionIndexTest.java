package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionIndexTest {
    private static final Path FILE = Path.of("/data/events-0/00000000000000001000.txnindex");
    private static final long BASE = 1_000;
    private static final long END = 1_000_000;

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final ByteBuffer scratch = ByteBuffer.allocate(TransactionIndex.BLOCK_BYTES);
    private TransactionIndex index;

    @BeforeEach
    void open() throws IOException {
        disk.createFolders(FILE.getParent());
        index = new TransactionIndex(disk, FILE, BASE);
    }

    @AfterEach
    void close() throws IOException {
        index.close();
        disk.close();
    }

    private List<AbortedTransaction> find(long from, long upper) throws IOException {
        List<AbortedTransaction> found = new ArrayList<>();
        index.collect(from, upper, scratch, found);
        return found;
    }

    private void corrupt(int position, int value) throws IOException {
        try (LogFile file = disk.open(FILE)) {
            file.write(ByteBuffer.wrap(new byte[] {(byte) value}), position);
        }
    }

    @Test
    void anEntryHasTheBytesThatKafkaGivesIt() {
        ByteBuffer bytes = new AbortedTransaction(0x0102030405060708L, 0x11, 0x1213, 0x1214).toBytes();
        assertThat(bytes).isEqualTo(ByteBuffer.wrap(new byte[] {
            0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0, 0, 0x12, 0x13, 0, 0, 0, 0, 0, 0,
            0x12, 0x14
        }));
    }

    @Test
    void withoutAbortedTransactionsThereIsNoFile() throws IOException {
        index.reset();
        assertThat(index.load()).isTrue();
        index.truncateTo(BASE);
        index.force();
        assertThat(find(0, END)).isEmpty();
        assertThat(disk.exists(FILE)).isFalse();
        index.delete();
    }

    @Test
    void aRangeFindsWhatOverlapsItAndNoMore() throws IOException {
        AbortedTransaction early = new AbortedTransaction(1, 1_000, 1_010, 1_005);
        AbortedTransaction around = new AbortedTransaction(2, 1_005, 1_020, 1_021);
        AbortedTransaction late = new AbortedTransaction(1, 1_030, 1_040, 1_041);
        for (AbortedTransaction aborted : List.of(early, around, late)) {
            index.append(aborted);
        }
        assertThat(find(0, END)).containsExactly(early, around, late);
        assertThat(find(1_010, 1_011)).containsExactly(early, around);
        assertThat(find(1_011, 1_030)).containsExactly(around);
        assertThat(find(1_011, 1_031)).containsExactly(around, late);
        assertThat(find(1_021, 1_030)).isEmpty();
        assertThat(find(1_041, END)).isEmpty();
    }

    @Test
    void theSearchEndsWhereNoOpenTransactionCanLieInTheRange() throws IOException {
        index.append(new AbortedTransaction(1, 1_000, 1_010, 1_005));
        assertThat(index.collect(1_000, 1_006, scratch, new ArrayList<>())).isFalse();
        assertThat(index.collect(1_000, 1_005, scratch, new ArrayList<>())).isTrue();
    }

    @Test
    void aMarkerBeforeTheLastOneIsNotTaken() throws IOException {
        index.append(new AbortedTransaction(1, 1_000, 1_010, 1_011));
        assertThatThrownBy(() -> index.append(new AbortedTransaction(2, 1_001, 1_010, 1_011)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(index.entries()).isEqualTo(1);
    }

    @Test
    void anyLookUpAndCutEqualsAWalkThroughAList() throws IOException {
        long seed = SimulatedWorld.seedFromSystem();
        Random random = new Random(seed);
        for (int life = 0; life < 60; life++) {
            List<AbortedTransaction> model = new ArrayList<>();
            TreeMap<Long, Long> open = new TreeMap<>();
            index.reset();
            for (int step = 0; step < 12; step++) {
                grow(model, open, random);
                if (random.nextInt(3) == 0) {
                    cut(model, open, BASE + random.nextInt(4_000));
                }
                if (random.nextBoolean()) {
                    index.close();
                    index = new TransactionIndex(disk, FILE, BASE);
                    assertThat(index.load()).isTrue();
                }
                long from = BASE + random.nextInt(4_000);
                long upper = from + random.nextInt(2_000);
                List<AbortedTransaction> expected = model.stream()
                        .filter(aborted -> aborted.lastOffset() >= from && aborted.firstOffset() < upper)
                        .toList();
                List<AbortedTransaction> found = new ArrayList<>();
                boolean ended = index.collect(from, upper, scratch, found);
                assertThat(found).as("seed " + seed).isEqualTo(expected);
                assertThat(!ended || open.headMap(upper).isEmpty()).isTrue();
                assertThat(index.entries()).isEqualTo(model.size());
            }
        }
    }

    /** @param open the producers with an open transaction, by its first offset */
    private void grow(List<AbortedTransaction> model, TreeMap<Long, Long> open, Random random) throws IOException {
        long offset = model.isEmpty() ? BASE : model.get(model.size() - 1).lastOffset();
        offset = Math.max(offset, open.isEmpty() ? 0 : open.lastKey());
        for (int i = random.nextInt(300); i > 0; i--) {
            offset += 1 + random.nextInt(4);
            long producer = random.nextInt(9);
            if (!open.containsValue(producer)) {
                open.put(offset, producer);
            } else if (random.nextInt(20) > producer) {
                long first = keyOf(open, producer);
                open.remove(first);
                long lastStable = open.isEmpty() ? offset + 1 : open.firstKey();
                AbortedTransaction aborted = new AbortedTransaction(producer, first, offset, lastStable);
                index.append(aborted);
                model.add(aborted);
            }
        }
    }

    private static long keyOf(TreeMap<Long, Long> open, long producer) {
        for (Map.Entry<Long, Long> entry : open.entrySet()) {
            if (entry.getValue() == producer) {
                return entry.getKey();
            }
        }
        throw new AssertionError("Producer " + producer + " has no transaction open");
    }

    private void cut(List<AbortedTransaction> model, TreeMap<Long, Long> open, long offset) throws IOException {
        index.truncateTo(offset);
        open.tailMap(offset).clear();
        for (AbortedTransaction aborted : model) {
            if (aborted.lastOffset() >= offset && aborted.firstOffset() < offset) {
                open.put(aborted.firstOffset(), aborted.producerId());
            }
        }
        model.removeIf(aborted -> aborted.lastOffset() >= offset);
    }

    @Test
    void aFileWithAnEntryThatCannotBeIsRefused() throws IOException {
        index.append(new AbortedTransaction(1, 1_000, 1_010, 1_011));
        index.append(new AbortedTransaction(2, 1_011, 1_020, 1_021));
        TransactionIndex other = new TransactionIndex(disk, FILE, BASE);
        assertThat(other.load()).isTrue();
        assertThat(new TransactionIndex(disk, FILE, 1_011).load())
                .as("a marker before it")
                .isFalse();
        corrupt(34, 1);
        assertThat(other.load()).as("another version").isFalse();
        corrupt(34, 0);
        corrupt(34 + 18, 0x80);
        assertThat(other.load()).as("a negative offset").isFalse();
        corrupt(34 + 18, 0);
        assertThat(other.load()).isTrue();
        corrupt(68, 0);
        assertThat(other.load()).as("bytes that are no entry").isFalse();
    }

    @Test
    void aReaderOfTheFileIsGivenEveryEntryAndToldOfDamage() throws IOException {
        List<AbortedTransaction> written = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            written.add(new AbortedTransaction(i, 1_000 + i, 1_001 + i, 1_002 + i));
            index.append(written.get(i));
        }
        List<AbortedTransaction> read = new ArrayList<>();
        try (LogFile file = disk.openForRead(FILE)) {
            AbortedTransaction.readAll(file, read::add);
            assertThat(read).isEqualTo(written);
            corrupt(300 * 34, 7);
            read.clear();
            assertThatThrownBy(() -> AbortedTransaction.readAll(file, read::add))
                    .isInstanceOf(MalformedFileException.class)
                    .hasMessageContaining("byte 10200");
            assertThat(read).isEqualTo(written);
        }
    }
}
