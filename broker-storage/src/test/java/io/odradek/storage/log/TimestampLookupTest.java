package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log.TimestampAndOffset;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Look-ups by time, in logs whose timestamps come in no order, against a walk over all records. */
class TimestampLookupTest {
    private static final int HISTORIES = Integer.getInteger("histories", 300);
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private record Sent(long timestampMs, long offset, boolean lastOfBatch) {}

    @Test
    void aLookUpFindsTheFirstRecordInOffsetOrderThatReachesTheTimestamp() throws IOException {
        long seed = SimulatedWorld.seedFromSystem();
        for (int i = 0; i < HISTORIES; i++) {
            long historySeed = seed + i;
            try (FaultingFileSystem disk = new FaultingFileSystem(historySeed)) {
                new History(disk, historySeed).run();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + historySeed, e);
            }
        }
    }

    /** One log that is written, flushed, closed, killed and loses its power. */
    private static final class History {
        private final FaultingFileSystem disk;
        private final Random random;
        private final LogContext context;
        private final LogConfig config;
        private final List<Sent> records = new ArrayList<>();
        private final int spreadMs;
        private Log log;
        private long nowMs = 1_000_000;

        History(FaultingFileSystem disk, long seed) throws IOException {
            this.disk = disk;
            SimulatedWorld world = new SimulatedWorld(seed);
            random = world.newRandom("history");
            spreadMs = 1 + random.nextInt(5_000);
            LogEvents flushing = new LogEvents() {
                @Override
                public void rolled(Log rolled, long newBaseOffset) {
                    try {
                        rolled.flushTo(newBaseOffset);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
            context = new LogContext(
                    disk,
                    world.clock(),
                    world.newRandoms("log"),
                    random.nextBoolean() ? flushing : LogEvents.IMMEDIATE,
                    ProducerLimits.standard());
            config = LogConfig.of(
                    Map.of(),
                    Map.of(
                            "segment.bytes", Integer.toString(200 + random.nextInt(3_000)),
                            "segment.index.bytes", Integer.toString(48 + random.nextInt(400)),
                            "index.interval.bytes", Integer.toString(random.nextInt(500))));
            disk.createFolders(FOLDER.getParent());
            disk.forceFolder(FOLDER.getParent().getParent());
            disk.forceFolder(FOLDER.getParent().getParent().getParent());
        }

        void run() throws IOException {
            log = Log.open(context, LogOpening.create(FOLDER, ID, new Uuid(7, 9)), config);
            for (int steps = 5 + random.nextInt(60); steps > 0; steps--) {
                step(random.nextInt(100));
                check();
            }
            log.close();
        }

        private void step(int dice) throws IOException {
            if (dice < 80) {
                append();
            } else if (dice < 87) {
                log.flush();
            } else if (dice < 89) {
                log.advanceStartTo(log.startOffset() + random.nextLong(log.endOffset() - log.startOffset() + 1));
                log.startSaved(log.startOffset());
            } else if (dice < 91) {
                log.truncateTo(random.nextLong(log.endOffset() + 1));
            } else if (dice < 94) {
                log.flush();
                log.close();
                reopen(true);
            } else if (dice < 97) {
                disk.kill();
                reopen(false);
            } else {
                disk.powerLoss(random);
                reopen(false);
            }
            records.removeIf(record -> record.offset() >= log.endOffset() || record.offset() < log.startOffset());
        }

        private void reopen(boolean clean) throws IOException {
            long start = Math.min(log.startOffset(), log.endOffset());
            log = Log.open(context, new LogOpening(FOLDER, ID, Uuid.ZERO, clean, log.recoveryPoint(), start), config);
        }

        private void append() throws IOException {
            BatchBuilder batch = new BatchBuilder(1 << 20);
            int count = 1 + random.nextInt(3);
            nowMs += random.nextInt(50);
            for (int i = 0; i < count; i++) {
                long timestampMs = random.nextInt(50) == 0 ? -1 : nowMs - random.nextInt(spreadMs);
                batch.append(timestampMs, null, ByteBuffer.allocate(random.nextInt(100)));
                records.add(new Sent(timestampMs, log.endOffset() + i, i + 1 == count));
            }
            log.append(batch.build(), 3, nowMs);
        }

        private void check() throws IOException {
            long bound = random.nextBoolean() ? log.endOffset() : endOfSomeBatch();
            long wantedMs = nowMs - random.nextInt(spreadMs + 50);
            assertThat(log.findByTimestamp(wantedMs, bound).map(History::place))
                    .as("from " + wantedMs + " below " + bound)
                    .isEqualTo(first(wantedMs, bound));
            long maxMs = -1;
            for (Sent sent : records) {
                maxMs = sent.offset() < bound ? Math.max(maxMs, sent.timestampMs()) : maxMs;
            }
            assertThat(log.findMaxTimestamp(bound).map(History::place))
                    .as("the largest below " + bound)
                    .isEqualTo(maxMs < 0 ? Optional.empty() : first(maxMs, bound));
        }

        private long endOfSomeBatch() {
            List<Sent> ends = records.stream().filter(Sent::lastOfBatch).toList();
            return ends.isEmpty() ? 0 : ends.get(random.nextInt(ends.size())).offset() + 1;
        }

        private static List<Long> place(TimestampAndOffset found) {
            return List.of(found.timestampMs(), found.offset(), (long) found.leaderEpoch());
        }

        private Optional<List<Long>> first(long timestampMs, long bound) {
            return records.stream()
                    .filter(sent -> sent.timestampMs() >= timestampMs && sent.offset() < bound)
                    .map(sent -> List.of(sent.timestampMs(), sent.offset(), 3L))
                    .findFirst();
        }
    }
}
