package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log.TimestampAndOffset;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.log.OldEntries.OldRecord;
import io.odradek.storage.log.OldLog.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random lives of logs that brokers of all ages have written, with messages of magic 0 and 1 among the batches. */
class OldLogTest {
    private static final int HISTORIES = Integer.getInteger("histories", 400);
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);

    @Test
    void aLogOfAllFormatsIsReadLookedUpCutWrittenOnAndRecovered() {
        long seed = SimulatedWorld.seedFromSystem();
        System.out.println("OldLogTest: -Dseed=" + seed + " -Dhistories=" + HISTORIES);
        for (int i = 0; i < HISTORIES; i++) {
            long historySeed = seed + i;
            try (FaultingFileSystem disk = new FaultingFileSystem(historySeed)) {
                new History(disk, historySeed).run();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + historySeed, e);
            }
        }
    }

    private static final class History {
        private final FaultingFileSystem disk;
        private final Random random;
        private final LogContext context;
        private final LogConfig config;
        private final OldLog model;
        private final long start;
        private Log log;

        History(FaultingFileSystem disk, long seed) throws IOException {
            this.disk = disk;
            SimulatedWorld world = new SimulatedWorld(seed);
            random = world.newRandom("history");
            context = new LogContext(
                    disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
            boolean gaps = random.nextBoolean();
            config = LogConfig.of(
                    Map.of(),
                    Map.of(
                            "cleanup.policy",
                            gaps ? "compact" : "delete",
                            "segment.bytes",
                            Integer.toString(400 + random.nextInt(3_000)),
                            "index.interval.bytes",
                            Integer.toString(random.nextInt(400))));
            model = new OldLog(random, gaps);
            int newest = random.nextInt(3);
            for (int count = 1 + random.nextInt(60); count > 0; count--) {
                model.add(random.nextInt(newest + 1));
            }
            start = random.nextInt(3) == 0 ? random.nextLong(model.endOffset()) : 0;
            disk.createFolders(FOLDER.getParent());
            model.lay(disk, FOLDER, OldLog.Indexes.values()[random.nextInt(3)]);
        }

        void run() throws IOException {
            open(random.nextBoolean(), random.nextBoolean() ? model.endOffset() : 0);
            check();
            for (int steps = random.nextInt(12); steps > 0; steps--) {
                step(random.nextInt(10));
                check();
            }
            log.close();
        }

        private void open(boolean clean, long recoveryPoint) throws IOException {
            log = Log.open(context, new LogOpening(FOLDER, ID, Uuid.ZERO, clean, recoveryPoint, start), config);
            // Where it was cut in a gap, that is forgotten.
            assertThat(log.endOffset()).isBetween(model.endBefore(Long.MAX_VALUE), model.endOffset());
            model.cut(Long.MAX_VALUE, log.endOffset());
            assertThat(log.isDamaged()).isFalse();
        }

        private void step(int dice) throws IOException {
            if (dice < 5) {
                append();
            } else if (dice < 6) {
                log.flush();
            } else if (dice < 7) {
                truncate();
            } else if (dice < 8) {
                log.flush();
                log.close();
                open(true, log.recoveryPoint());
            } else {
                disk.kill();
                open(false, random.nextLong(log.recoveryPoint() + 1));
            }
        }

        private void append() throws IOException {
            List<OldRecord> records = new ArrayList<>();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                records.add(new OldRecord(
                        log.endOffset() + records.size(), model.timestampMs(2), null, new byte[random.nextInt(90)]));
            }
            ByteBuffer batch = OldLog.batch(records);
            log.append(batch, 5, 1_500_000_000_000L);
            model.add(new Entry(TestBatches.bytes(batch), records));
        }

        private void truncate() throws IOException {
            long offset = start + random.nextLong(log.endOffset() - start + 1);
            if (model.endBefore(offset) <= start || offset == log.endOffset()) {
                return;
            }
            log.truncateTo(offset);
            assertThat(log.endOffset()).isBetween(model.endBefore(offset), offset);
            model.cut(offset, log.endOffset());
        }

        private void check() throws IOException {
            for (int i = 0; i < 3; i++) {
                read(start + random.nextLong(log.endOffset() - start));
                findByTime(model.timestampMs(1) - random.nextInt(2_000));
            }
            long largestMs = model.largestMs(start);
            Optional<TimestampAndOffset> largest = log.findMaxTimestamp(log.endOffset());
            assertThat(largest.map(TimestampAndOffset::offset))
                    .isEqualTo(
                            largestMs < 0
                                    ? Optional.empty()
                                    : model.first(largestMs, start).map(OldRecord::offset));
            assertThat(log.isDamaged()).isFalse();
        }

        private void read(long offset) throws IOException {
            if (offset > model.entries.get(model.entries.size() - 1).last()) {
                return;
            }
            byte[] wanted = model.holding(offset).bytes();
            byte[] read = TestBatches.bytes(log.read(offset, 1 + random.nextInt(500), true, log.endOffset()));
            assertThat(read.length >= wanted.length && Arrays.equals(wanted, Arrays.copyOf(read, wanted.length)))
                    .as("offset %s", offset)
                    .isTrue();
            long bound = offset + 1 + random.nextLong(log.endOffset() - offset);
            byte[] below = TestBatches.bytes(log.read(offset, 1 << 20, true, bound));
            int at = 0;
            ByteBuffer batches = ByteBuffer.wrap(below);
            long next = offset;
            while (at < below.length) {
                Entry entry = model.holding(next);
                assertThat(entry.last()).isLessThan(bound);
                assertThat(Arrays.copyOfRange(below, at, at + entry.bytes().length))
                        .isEqualTo(entry.bytes());
                at += RecordBatch.sizeBytes(batches, at);
                next = entry.last() + 1;
            }
        }

        private void findByTime(long timestampMs) throws IOException {
            Optional<TimestampAndOffset> found = log.findByTimestamp(timestampMs, log.endOffset());
            Optional<OldRecord> wanted = model.first(timestampMs, start);
            assertThat(found.map(TimestampAndOffset::offset)).isEqualTo(wanted.map(OldRecord::offset));
            assertThat(found.map(TimestampAndOffset::timestampMs)).isEqualTo(wanted.map(OldRecord::timestampMs));
        }
    }
}
