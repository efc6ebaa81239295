package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.log.OldLog.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One segment of a log with messages of magic 0 and 1 is damaged: it costs what it held and no more, whatever the damage is. */
class OldLogDamageTest {
    private static final int HISTORIES = Integer.getInteger("histories", 400);
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    /** No checksum covers offset, size and leader epoch. */
    private static final int UNCOVERED_BYTES = 16;

    @Test
    void aDamageCostsItsSegmentAndNoMore() {
        long seed = SimulatedWorld.seedFromSystem();
        System.out.println("OldLogDamageTest: -Dseed=" + seed + " -Dhistories=" + HISTORIES);
        for (int i = 0; i < HISTORIES; i++) {
            long historySeed = seed + i;
            try (FaultingFileSystem disk = new FaultingFileSystem(historySeed)) {
                new Round(disk, historySeed).run();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + historySeed, e);
            }
        }
    }

    private static final class Round {
        private final FaultingFileSystem disk;
        private final SimulatedWorld world;
        private final Random random;
        private final OldLog model;
        private final SortedSet<Long> seen = new TreeSet<>();
        private long struckFrom;
        private long struckTo;
        private Log log;

        Round(FaultingFileSystem disk, long seed) throws IOException {
            this.disk = disk;
            world = new SimulatedWorld(seed);
            random = world.newRandom("damage");
            model = new OldLog(random, false);
            for (int count = 40 + random.nextInt(60); count > 0; count--) {
                model.add(random.nextInt(3));
            }
            disk.createFolders(FOLDER);
            model.lay(disk, FOLDER, OldLog.Indexes.values()[random.nextInt(3)]);
        }

        void run() throws IOException {
            boolean clean = random.nextBoolean();
            strike();
            for (int start = 0; start < 2; start++) {
                open(clean);
                seen.clear();
                readAll();
                for (Entry entry : model.entries) {
                    boolean struck = entry.last() >= struckFrom && (!clean || entry.first() < struckTo);
                    assertThat(struck || seen.contains(entry.last()))
                            .as("%s, struck %s to %s", entry.last(), struckFrom, struckTo)
                            .isTrue();
                }
                append();
                log.flush();
                log.close();
            }
        }

        private void strike() throws IOException {
            List<Long> bases = disk.list(FOLDER).stream()
                    .filter(name -> LogFileNames.is(name, LogFileNames.LOG))
                    .map(LogFileNames::offset)
                    .toList();
            int struck = random.nextInt(bases.size());
            struckFrom = bases.get(struck);
            struckTo = struck + 1 < bases.size() ? bases.get(struck + 1) : Long.MAX_VALUE;
            try (LogFile file = disk.open(LogFileNames.path(FOLDER, struckFrom, LogFileNames.LOG))) {
                int size = (int) file.sizeBytes();
                int at = random.nextInt(size);
                switch (random.nextInt(4)) {
                    case 0 -> file.truncate(at);
                    case 1 -> file.write(ByteBuffer.wrap(new byte[Math.min(size - at, 1 + random.nextInt(200))]), at);
                    case 2 -> {
                        byte[] noise = new byte[Math.min(size - at, 1 + random.nextInt(20))];
                        random.nextBytes(noise);
                        file.write(ByteBuffer.wrap(noise), at);
                    }
                    default -> {
                        ByteBuffer one = ByteBuffer.allocate(1);
                        file.read(one, at);
                        file.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1 << random.nextInt(8))}), at);
                    }
                }
            }
        }

        private void open(boolean clean) throws IOException {
            LogContext context = new LogContext(
                    disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
            LogOpening opening = new LogOpening(FOLDER, ID, Uuid.ZERO, clean, clean ? model.endOffset() : 0, 0);
            log = Log.open(context, opening, LogConfig.of(Map.of(), Map.of("index.interval.bytes", "200")));
        }

        /** As a consumer that goes on behind what it cannot read, one offset further. */
        private void readAll() throws IOException {
            long offset = 0;
            // One whose offset was changed may seem to have very many.
            long end = Math.min(log.endOffset(), model.endOffset() + 10);
            while (offset < end) {
                byte[] read = TestBatches.bytes(log.read(offset, 600, true, log.endOffset()));
                long next = take(ByteBuffer.wrap(read));
                offset = Math.max(next, offset + 1);
            }
        }

        private long take(ByteBuffer read) {
            long next = -1;
            int size;
            for (int at = 0; read.limit() - at >= LegacyMessage.SMALLEST_SIZE; at += size) {
                size = RecordBatch.sizeBytes(read, at);
                if (size < LegacyMessage.SMALLEST_SIZE || size > read.limit() - at || !isValid(read, at)) {
                    return next;
                }
                byte[] bytes = Arrays.copyOfRange(read.array(), at, at + size);
                long last = last(read, at);
                List<Entry> equal = model.entries.stream()
                        .filter(entry -> equalsBehindOffset(entry.bytes(), bytes))
                        .toList();
                assertThat(!equal.isEmpty() || isAppended(bytes))
                        .as("was written")
                        .isTrue();
                if (!equal.isEmpty() && equal.stream().noneMatch(entry -> entry.last() == last)) {
                    return next;
                }
                next = last + 1;
                seen.add(last);
            }
            return next;
        }

        private static boolean isValid(ByteBuffer read, int at) {
            return LegacyMessage.isLegacy(read, at)
                    ? LegacyMessage.isWhole(read, at, read.limit()) && LegacyMessage.hasValidCrc(read, at)
                    : RecordBatch.magic(read, at) == RecordBatch.MAGIC
                            && RecordBatch.sizeBytes(read, at) >= RecordBatch.HEADER_SIZE
                            && RecordBatch.hasValidCrc(read, at);
        }

        private static long last(ByteBuffer read, int at) {
            return LegacyMessage.isLegacy(read, at) ? LegacyMessage.offset(read, at) : RecordBatch.lastOffset(read, at);
        }

        private static boolean equalsBehindOffset(byte[] one, byte[] other) {
            return one.length == other.length
                    && Arrays.equals(one, UNCOVERED_BYTES, one.length, other, UNCOVERED_BYTES, other.length);
        }

        private static boolean isAppended(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1).contains("appended");
        }

        private void append() throws IOException {
            ByteBuffer batch = TestBatches.batch(1_500_000_000_000L, "appended");
            long offset = log.append(batch, 9, 1_500_000_000_000L).firstOffset();
            assertThat(TestBatches.bytes(log.read(offset, 1, true, offset + 1))).isEqualTo(TestBatches.bytes(batch));
        }
    }
}
