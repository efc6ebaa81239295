package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random lives of a log against a list of batches: what was forced stays, and what was written when only the process died. */
class LogModelTest {
    private static final int HISTORIES = Integer.getInteger("histories", 500);
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final Uuid TOPIC_ID = new Uuid(7, 9);

    @Test
    void aLogEqualsItsModelThroughRollsTruncationsClosesKillsAndPowerLosses() throws IOException {
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

    /** One life of a log. */
    private static final class History {
        private final FaultingFileSystem disk;
        private final Random random;
        private final LogContext context;
        private final LogConfig config;
        private final List<byte[]> batches = new ArrayList<>();
        private final int[] sequences = new int[3];
        private Log log;
        private long nowMs = 1_700_000_000_000L;
        private int epoch;

        History(FaultingFileSystem disk, long seed) throws IOException {
            this.disk = disk;
            SimulatedWorld world = new SimulatedWorld(seed);
            this.random = world.newRandom("history");
            this.context = new LogContext(
                    disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.DEFAULT);
            this.config = LogConfig.of(
                    Map.of(),
                    Map.of(
                            "segment.bytes", Integer.toString(200 + random.nextInt(3000)),
                            "segment.index.bytes", Integer.toString(48 + random.nextInt(400)),
                            "segment.ms", "100000",
                            "index.interval.bytes", Integer.toString(random.nextInt(500))));
            disk.createFolders(FOLDER.getParent());
            disk.forceFolder(FOLDER.getParent().getParent());
            disk.forceFolder(FOLDER.getParent().getParent().getParent());
        }

        void run() throws IOException {
            log = Log.open(context, LogOpening.create(FOLDER, ID, TOPIC_ID), config);
            int steps = 5 + random.nextInt(60);
            for (int i = 0; i < steps; i++) {
                step(random.nextInt(100));
                check();
            }
            log.close();
        }

        private void step(int dice) throws IOException {
            if (dice < 70) {
                append();
            } else if (dice < 76) {
                log.flush();
            } else if (dice < 80) {
                truncate();
            } else if (dice < 84) {
                epoch += 1 + random.nextInt(3);
            } else if (dice < 88) {
                nowMs += 60_000;
            } else if (dice < 93) {
                log.flush();
                log.close();
                reopen(true, log.recoveryPoint());
            } else if (dice < 97) {
                disk.kill();
                reopen(false, someRecoveryPoint());
            } else {
                losePower();
            }
        }

        private long someRecoveryPoint() {
            return random.nextBoolean() ? log.recoveryPoint() : random.nextLong(log.recoveryPoint() + 1);
        }

        private void append() throws IOException {
            int producer = random.nextInt(4);
            String[] values = new String[1 + random.nextInt(3)];
            for (int i = 0; i < values.length; i++) {
                values[i] = "x".repeat(random.nextInt(200));
            }
            ByteBuffer batch = TestBatches.batch(nowMs - random.nextInt(1000), values);
            if (producer < sequences.length) {
                batch = TestBatches.batch(producer, 0, sequences[producer], values);
                sequences[producer] += values.length;
            }
            long expected = log.endOffset();
            Log.AppendResult result = log.append(batch, epoch, nowMs);
            assertThat(result.firstOffset()).isEqualTo(expected);
            assertThat(result.lastOffset()).isEqualTo(expected + values.length - 1);
            batches.add(TestBatches.bytes(batch));
            if (producer < sequences.length) {
                assertThat(log.append(batch, epoch, nowMs).duplicate()).isTrue();
            }
        }

        private void truncate() throws IOException {
            long offset = random.nextLong(log.endOffset() + 1);
            log.truncateTo(offset);
            cutModel(offset);
            assertThat(log.endOffset()).isEqualTo(end());
        }

        private void cutModel(long offset) {
            while (!batches.isEmpty() && RecordBatch.lastOffset(last(), 0) >= offset) {
                batches.remove(batches.size() - 1);
            }
            recountSequences();
        }

        private ByteBuffer last() {
            return ByteBuffer.wrap(batches.get(batches.size() - 1));
        }

        private long end() {
            return batches.isEmpty() ? 0 : RecordBatch.nextOffset(last(), 0);
        }

        private void recountSequences() {
            for (int producer = 0; producer < sequences.length; producer++) {
                sequences[producer] = 0;
            }
            for (byte[] bytes : batches) {
                ByteBuffer batch = ByteBuffer.wrap(bytes);
                if (RecordBatch.hasProducerId(batch, 0)) {
                    sequences[(int) RecordBatch.producerId(batch, 0)] = RecordBatch.lastSequence(batch, 0) + 1;
                }
            }
        }

        private void reopen(boolean clean, long recoveryPoint) throws IOException {
            log = Log.open(context, new LogOpening(FOLDER, ID, Uuid.ZERO, clean, recoveryPoint, 0), config);
        }

        private void losePower() throws IOException {
            long forced = log.recoveryPoint();
            long point = someRecoveryPoint();
            disk.powerLoss(random);
            reopen(false, point);
            assertThat(log.endOffset()).isBetween(forced, end());
            cutModel(log.endOffset());
        }

        private void check() throws IOException {
            assertThat(log.endOffset()).isEqualTo(end());
            assertThat(log.latestEpoch())
                    .isEqualTo(batches.isEmpty() ? log.latestEpoch() : RecordBatch.leaderEpoch(last(), 0));
            if (batches.isEmpty()) {
                return;
            }
            int index = random.nextInt(batches.size());
            ByteBuffer wanted = ByteBuffer.wrap(batches.get(index));
            long offset =
                    RecordBatch.baseOffset(wanted, 0) + random.nextInt(RecordBatch.lastOffsetDelta(wanted, 0) + 1);
            int maxBytes = 1 + random.nextInt(2000);
            long bound = random.nextBoolean() ? log.endOffset() : RecordBatch.nextOffset(wanted, 0);
            byte[] read = TestBatches.bytes(log.read(offset, maxBytes, true, bound));
            assertThat(read.length).isGreaterThanOrEqualTo(batches.get(index).length);
            assertThat(read).startsWith(batches.get(index));
            if (random.nextInt(5) == 0) {
                ByteBuffer all = ByteBuffer.allocate(
                        batches.stream().mapToInt(b -> b.length).sum());
                batches.forEach(all::put);
                assertThat(TestBatches.readAll(log, 0)).isEqualTo(all.array());
            }
        }
    }
}
