package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import io.odradek.storage.log.SegmentsView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One life of a compacted log, with its cleanings driven step by step. */
final class CleaningHistory {
    private static final Path FOLDER = Path.of("/data/logs/keyed-0");
    private static final TopicPartition ID = new TopicPartition("keyed", 0);
    private static final long DELETE_RETENTION_MS = 10_000;

    private final FaultingFileSystem disk;
    private final Random random;
    private final SimulatedWorld world;
    private final LogContext context;
    private final LogConfig config;
    private final KeyedModel model;
    private final HandLoop owner = new HandLoop();
    private Log log;
    private long checkpoint = CleanableRange.NO_CHECKPOINT;
    /** Whether the other replicas get nothing now. */
    private boolean alone;

    private int cleanings;
    private int crashes;
    private int truncations;

    CleaningHistory(FaultingFileSystem disk, long seed) throws IOException {
        this.disk = disk;
        this.world = new SimulatedWorld(seed);
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        this.config = LogConfig.of(
                Map.of(),
                Map.of(
                        "cleanup.policy", "compact",
                        "delete.retention.ms", Long.toString(DELETE_RETENTION_MS),
                        "segment.bytes", Integer.toString(200 + random.nextInt(1200)),
                        "index.interval.bytes", Integer.toString(random.nextInt(300))));
        this.model = new KeyedModel(random);
        disk.createFolders(FOLDER);
        for (Path folder = FOLDER; folder.getParent() != null; folder = folder.getParent()) {
            disk.forceFolder(folder.getParent());
        }
    }

    void run() throws IOException, UncleanableException {
        if (random.nextInt(3) == 0) {
            model.lay(disk, FOLDER, 1 + random.nextInt(3), world.clock().wallMs());
        }
        LogOpening opening = new LogOpening(FOLDER, ID, new Uuid(1, 2), true, model.endOffset(), 0);
        log = Log.open(context, opening, config);
        log.updateHighWatermark(log.endOffset());
        int rounds = 1 + random.nextInt(4);
        for (int round = 0; round < rounds; round++) {
            append(8 + random.nextInt(20));
            world.advanceMs(random.nextInt(2) * (DELETE_RETENTION_MS - 1 + random.nextInt(3)));
            alone = random.nextInt(4) == 0;
            append(alone ? random.nextInt(5) : 0);
            clean();
            replicate();
        }
        check();
        log.flush();
        log.close();
        reopen(true);
        model.checkProducers(log);
        model.check(LogContents.of(log));
        log.close();
    }

    int cleanings() {
        return cleanings;
    }

    int crashes() {
        return crashes;
    }

    int truncations() {
        return truncations;
    }

    private void append(int batches) throws IOException {
        for (int i = 0; i < batches; i++) {
            model.append(log, world.clock().wallMs());
            if (!alone) {
                log.updateHighWatermark(log.endOffset());
            }
        }
    }

    /** {@return the part of a log that may be cleaned at a time} */
    static CleanableRange range(SegmentsView view, long checkpoint, LogConfig config, long nowMs) {
        List<CleanableRange.Piece> pieces = new ArrayList<>();
        for (int i = 0; i < view.count(); i++) {
            pieces.add(new CleanableRange.Piece(view.baseOffset(i), view.sizeBytes(i), -1, -1));
        }
        return CleanableRange.of(
                new CleanableRange.Shape(view.startOffset(), view.endOffset(), view.stableOffset(), pieces),
                checkpoint,
                config,
                nowMs);
    }

    private void clean() throws IOException, UncleanableException {
        log.flushTo(random.nextInt(4) == 0 ? random.nextLong(log.endOffset()) : log.endOffset());
        append(random.nextInt(3));
        SegmentsView view = log.segments();
        CleanableRange range = range(view, checkpoint, config, world.clock().wallMs());
        if (range.cleanableBytes() == 0) {
            return;
        }
        cleanings++;
        CleaningJob job =
                new CleaningJob(log, view, range, config, world.clock().wallMs());
        TombstoneWatch watch = new TombstoneWatch(LogContents.of(log), job.nowMs(), DELETE_RETENTION_MS);
        boolean dies = random.nextInt(3) == 0;
        // Half of them in a swap, which is short.
        boolean diesInSwap = dies && random.nextBoolean();
        if (dies && !diesInSwap) {
            disk.haltAfter(random.nextInt(80));
        }
        Cleaning cleaning = new Cleaning(job, means(), new CleaningStats(world.clock()));
        boolean crashed = false;
        try {
            cleaning.begin();
            while (!(cleaning.state() instanceof Cleaning.State.Done)) {
                if (!dies && random.nextInt(8) == 0) {
                    append(1);
                }
                if (diesInSwap && cleaning.state() instanceof Cleaning.State.Swapping && random.nextInt(3) == 0) {
                    disk.haltAfter(random.nextInt(24));
                    diesInSwap = false;
                }
                if (!owner.runOne()) {
                    cleaning.step();
                }
            }
        } catch (IOException e) {
            if (!dies) {
                throw e;
            }
            crashed = true;
        }
        if (crashed) {
            crash(view);
        } else {
            disk.haltAfter(Long.MAX_VALUE / 2);
            Cleaning.State.Done done = (Cleaning.State.Done) cleaning.state();
            assertThat(done.givenUp()).isFalse();
            assertThat(done.cleanUpTo()).isGreaterThan(range.firstDirtyOffset());
            checkpoint = done.cleanUpTo();
        }
        check();
        watch.check(LogContents.of(log), model, crashed ? -1 : checkpoint);
    }

    /** What the other replicas have not got yet they get now, or one of them leads without it. */
    private void replicate() throws IOException {
        alone = false;
        if (log.highWatermark() < log.endOffset() && random.nextBoolean()) {
            log.truncateTo(log.highWatermark());
            model.keepOnly(log.highWatermark(), LogContents.of(log).baseOffsets());
            checkpoint = Math.min(checkpoint, log.endOffset());
            truncations++;
            check();
        }
        log.updateHighWatermark(log.endOffset());
    }

    private Cleaning.Means means() {
        OffsetMap map = new OffsetMap(
                new KeyHash(random.nextLong(), random.nextLong()),
                OffsetMap.ENTRY_BYTES * (2L + random.nextInt(30)),
                0.9);
        CleanerBuffers buffers = new CleanerBuffers(128 + random.nextInt(500), LogContents.MAX_INFLATED_BYTES);
        return new Cleaning.Means(disk, map, buffers, owner, () -> {});
    }

    private void crash(SegmentsView view) throws IOException {
        crashes++;
        while (owner.runOne()) {
            // The owner's tasks fail as all does.
        }
        long forced = log.recoveryPoint();
        if (random.nextBoolean()) {
            disk.kill();
            reopen(false);
            assertThat(log.endOffset()).isEqualTo(model.endOffset());
            model.checkProducers(log);
        } else {
            disk.powerLoss(random);
            reopen(false);
            assertThat(log.endOffset()).isGreaterThanOrEqualTo(forced);
            if (model.keepOnly(forced, LogContents.of(log).baseOffsets())) {
                model.checkProducers(log);
            }
            checkpoint = Math.min(checkpoint, log.endOffset());
        }
    }

    private void reopen(boolean clean) throws IOException {
        long point = random.nextBoolean() ? log.recoveryPoint() : random.nextLong(log.recoveryPoint() + 1);
        log = Log.open(context, new LogOpening(FOLDER, ID, Uuid.ZERO, clean, point, 0), config);
        log.updateHighWatermark(log.endOffset());
    }

    private void check() throws IOException {
        model.check(LogContents.of(log));
        for (String name : disk.list(FOLDER)) {
            assertThat(name).doesNotEndWith(".cleaned").doesNotEndWith(".swap").doesNotEndWith(".deleted");
        }
    }
}
