package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log.TimestampAndOffset;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** One life of a log, chosen by a seed, beside its {@link LogModel}. */
final class LogHistory {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final int PRODUCERS = 3;
    private static final byte[] FILLING = new byte[120];

    private final FaultingFileSystem disk;
    private final Random random;
    private final LogContext context;
    private final LogModel model = new LogModel(PRODUCERS);
    private final int spreadMs;
    private LogConfig config;
    private Log log;
    private long nowMs = 1_700_000_000_000L;
    private int epoch;
    private int powerLosses;

    LogHistory(FaultingFileSystem disk, long seed) throws IOException {
        this.disk = disk;
        SimulatedWorld world = new SimulatedWorld(seed);
        random = world.newRandom("history");
        spreadMs = 1 + random.nextInt(3_000);
        context = new LogContext(
                disk,
                world.clock(),
                world.newRandoms("log"),
                random.nextBoolean() ? new Flushing() : LogEvents.IMMEDIATE,
                ProducerLimits.standard());
        config = someConfig();
        disk.createFolders(FOLDER.getParent());
        disk.forceFolder(FOLDER.getParent().getParent());
        disk.forceFolder(FOLDER.getParent().getParent().getParent());
    }

    private static final class Flushing implements LogEvents {
        @Override
        public void rolled(Log log, long newBaseOffset) {
            try {
                log.flushTo(newBaseOffset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private LogConfig someConfig() {
        return LogConfig.of(
                Map.of(),
                Map.of(
                        "segment.bytes", Integer.toString(200 + random.nextInt(1_500)),
                        "segment.index.bytes", Integer.toString(48 + random.nextInt(200)),
                        "segment.ms", "100000",
                        "index.interval.bytes", Integer.toString(random.nextInt(400))));
    }

    int powerLosses() {
        return powerLosses;
    }

    void run() throws IOException {
        log = Log.open(context, LogOpening.create(FOLDER, ID, new Uuid(7, 9)), config);
        for (int steps = 5 + random.nextInt(25); steps > 0; steps--) {
            step(random.nextInt(100));
            check();
        }
        log.close();
    }

    private void step(int dice) throws IOException {
        if (dice < 45) {
            appendAsLeader();
        } else if (dice < 57) {
            appendAsFollower();
        } else if (dice < 64) {
            log.flush();
        } else if (dice < 68) {
            long offset = log.startOffset() + random.nextLong(log.endOffset() - log.startOffset() + 1);
            log.truncateTo(offset);
            model.cut(offset);
            model.startSaved();
        } else if (dice < 69) {
            long offset = random.nextInt(100);
            log.truncateFullyAndStartAt(offset);
            model.startAt(offset);
        } else if (dice < 73) {
            retain();
        } else if (dice < 75) {
            config = someConfig();
            log.updateConfig(config);
        } else if (dice < 78) {
            epoch += 1 + random.nextInt(3);
        } else if (dice < 81) {
            nowMs += 60_000;
        } else if (dice < 86) {
            log.flush();
            log.close();
            reopen(true, log.recoveryPoint());
        } else if (dice < 92) {
            disk.kill();
            reopen(false, someRecoveryPoint());
        } else {
            losePower();
        }
    }

    private long someRecoveryPoint() {
        return random.nextBoolean() ? log.recoveryPoint() : random.nextLong(log.recoveryPoint() + 1);
    }

    private void reopen(boolean clean, long recoveryPoint) throws IOException {
        model.forgetUnsavedStart();
        log = Log.open(
                context, new LogOpening(FOLDER, ID, Uuid.ZERO, clean, recoveryPoint, model.savedStart()), config);
        assertThat(log.startOffset()).isEqualTo(model.start());
    }

    private void losePower() throws IOException {
        powerLosses++;
        long forced = log.recoveryPoint();
        long point = someRecoveryPoint();
        boolean closed = random.nextInt(3) == 0;
        if (closed) {
            log.flush();
            log.close();
            forced = log.recoveryPoint();
            point = forced;
        }
        disk.powerLoss(random);
        reopen(closed, point);
        assertThat(log.endOffset()).isBetween(forced, model.end());
        model.cut(log.endOffset());
        if (model.end() < log.endOffset()) {
            // The batch in the middle of which the log begins is lost.
            assertThat(log.startOffset()).isEqualTo(log.endOffset());
            model.startAt(log.endOffset());
        }
    }

    private BatchBuilder builder() {
        BatchBuilder batch = new BatchBuilder(1 << 16);
        long timestampMs = nowMs - random.nextInt(spreadMs);
        for (int i = random.nextInt(3); i >= 0; i--) {
            batch.append(timestampMs, null, ByteBuffer.wrap(FILLING, 0, random.nextInt(FILLING.length)));
        }
        return batch;
    }

    private void appendAsLeader() throws IOException {
        int count = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : 1;
        if (count == 1 && random.nextBoolean()) {
            appendOfProducer(random.nextInt(PRODUCERS));
            return;
        }
        ByteBuffer batches = ByteBuffer.allocate(count * 600);
        for (int i = 0; i < count; i++) {
            batches.put(builder().build());
        }
        batches.flip();
        assertThat(log.append(batches, epoch, nowMs).firstOffset()).isEqualTo(model.end());
        model.add(batches);
    }

    private void appendOfProducer(int producer) throws IOException {
        ByteBuffer batch = builder()
                .producer(producer, (short) 0, model.nextSequence(producer))
                .build();
        assertThat(log.append(batch, epoch, nowMs).duplicate()).isFalse();
        model.add(batch);
        assertThat(log.append(batch, epoch, nowMs).duplicate()).isTrue();
    }

    private void appendAsFollower() throws IOException {
        ByteBuffer batches = ByteBuffer.allocate(2_000);
        long offset = model.end();
        for (int i = random.nextInt(3); i >= 0; i--) {
            ByteBuffer batch = builder().build();
            RecordBatch.setBaseOffset(batch, 0, offset);
            RecordBatch.setLeaderEpoch(batch, 0, epoch);
            offset = RecordBatch.nextOffset(batch, 0);
            batches.put(batch);
        }
        log.appendAsFollower(batches.flip(), nowMs);
        model.add(batches);
    }

    private void retain() throws IOException {
        log.updateHighWatermark(log.endOffset());
        log.advanceStartTo(log.startOffset() + random.nextLong(log.endOffset() - log.startOffset() + 1));
        model.advanceStart(log.startOffset());
        if (random.nextBoolean()) {
            model.startSaved();
            if (log.startSaved(log.startOffset()) && random.nextBoolean()) {
                log.discardDetached();
            }
        }
    }

    private void check() throws IOException {
        assertThat(log.endOffset()).isEqualTo(model.end());
        List<byte[]> batches = model.batches();
        if (log.startOffset() == log.endOffset()) {
            return;
        }
        ByteBuffer last = ByteBuffer.wrap(batches.get(batches.size() - 1));
        assertThat(log.latestEpoch()).isEqualTo(RecordBatch.leaderEpoch(last, 0));
        long offset = log.startOffset() + random.nextLong(log.endOffset() - log.startOffset());
        byte[] wanted = model.batch(offset);
        long bound = random.nextBoolean() ? log.endOffset() : RecordBatch.nextOffset(ByteBuffer.wrap(wanted), 0);
        byte[] read = TestBatches.bytes(log.read(offset, 1 + random.nextInt(500), true, bound));
        assertThat(read.length >= wanted.length && Arrays.equals(wanted, Arrays.copyOf(read, wanted.length)))
                .isTrue();
        if (random.nextInt(4) == 0) {
            assertThat(Arrays.equals(TestBatches.readAll(log, log.startOffset()), model.bytes()))
                    .isTrue();
        }
        if (random.nextInt(4) == 0) {
            long timestampMs = nowMs - random.nextInt(spreadMs + 10);
            Optional<Long> found =
                    log.findByTimestamp(timestampMs, log.endOffset()).map(TimestampAndOffset::offset);
            assertThat(found).isEqualTo(model.first(timestampMs));
        }
    }
}
