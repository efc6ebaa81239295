package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.CleanedSegment;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.SegmentsView;
import io.odradek.storage.log.TestBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Folders that fail, and brokers that stop and start, at the wrong moment. */
class FoldersInTroubleTest {
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final Path ONE = Path.of("/data/one");
    private static final Path TWO = Path.of("/data/two");
    private static final LogConfig CONFIG =
            LogConfig.of(Map.of(), Map.of("segment.bytes", "3000", "file.delete.delay.ms", "10"));

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final SimulatedWorld world = new SimulatedWorld(3);
    private SimulatedLoop loop;
    private SimulatedLoop owner;
    private LogFolders folders;

    private LogManager open(Path... paths) throws IOException {
        loop = world.newLoop("loop");
        owner = world.newLoop("owner");
        folders = LogFolders.open(disk, List.of(paths));
        StorageEnvironment environment = new StorageEnvironment(
                world.clock(),
                world.newRandoms("manager"),
                new StorageLoops(loop, List.of(), List.of(), List.of(), id -> owner),
                (folder, cause) -> {});
        try {
            return LogManager.open(folders, environment, LogManagerSettings.DEFAULT, topic -> CONFIG);
        } catch (IOException | RuntimeException e) {
            folders.close();
            throw e;
        }
    }

    private void kill() {
        loop.close();
        owner.close();
        disk.kill();
    }

    private static Log create(LogManager manager, int records) throws IOException {
        Log log = manager.getOrCreate(ID, new Uuid(7, 9), CONFIG);
        for (int i = 0; i < records; i++) {
            log.append(TestBatches.batch(1_000, "v".repeat(900)), 0, 1_000);
        }
        log.updateHighWatermark(log.endOffset());
        manager.moves().begin((id, moved) -> {});
        return log;
    }

    private Path copyIn(Path folder) throws IOException {
        for (String name : disk.list(folder)) {
            if (name.endsWith("-future")) {
                return folder.resolve(name);
            }
        }
        throw new AssertionError("No copy in " + disk.list(folder));
    }

    @Test
    void aLogThatCannotBeReadIsNoFaultOfTheFolderItMovesTo() throws IOException {
        LogManager manager = open(ONE, TWO);
        create(manager, 20);
        // Forces of what was rolled would find the disk broken before the move does.
        world.runUntilIdle();
        manager.moves().move(ID, TWO);
        disk.breakBelow(ONE);
        world.runUntilIdle();
        assertThat(folders.online()).containsExactly(TWO);
        disk.mend();
        manager.close();
        disk.close();
    }

    @Test
    void aLogWhoseCreationFailedWithItsDiskIsNotBegunOnAnother() throws IOException {
        int failures = 0;
        boolean failed = true;
        while (failed) {
            LogManager manager = open(ONE, TWO);
            TopicPartition id = new TopicPartition("events", failures);
            disk.failOperation(1 + failures);
            try {
                manager.getOrCreate(id, new Uuid(7, 9), CONFIG);
                failed = false;
            } catch (IOException e) {
                failures++;
                assertThatThrownBy(() -> manager.getOrCreate(id, new Uuid(7, 9), CONFIG))
                        .isInstanceOfSatisfying(
                                ApiException.class,
                                refusal -> assertThat(refusal.error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR));
            }
            disk.failOperation(Long.MAX_VALUE / 2);
            manager.close();
            try (LogManager next = open(ONE, TWO)) {
                next.getOrCreate(id, new Uuid(7, 9), CONFIG);
            }
        }
        assertThat(failures).isGreaterThan(3);
        disk.close();
    }

    @Test
    void aMoveUnderWayDoesNotReadALogThatHasBeenClosed() throws IOException {
        LogManager manager = open(ONE, TWO);
        create(manager, 20);
        manager.moves().move(ID, TWO);
        boolean[] ended = {false};
        owner.post(() -> {
            owner.close();
            ended[0] = true;
        });
        // The first step has been begun by the owner, and waits for the copier.
        world.runUntil(() -> ended[0], 1_000);
        long before = disk.forces("recovery-point-offset-checkpoint.tmp");
        disk.afterForce(() -> {
            // The logs of the first folder are closed when its recovery points are saved.
            if (disk.forces("recovery-point-offset-checkpoint.tmp") > before) {
                disk.afterForce(() -> {});
                world.runUntilIdle();
            }
        });
        manager.close();
        assertThat(folders.online()).containsExactly(ONE, TWO);
        assertThat(disk.list(TWO)).contains(".kafka_cleanshutdown");
        disk.close();
    }

    @Test
    void aLogThatIsCleanedWhileItMovesIsCopiedAnewAndCleanedNoMore() throws IOException {
        LogManager manager = open(ONE, TWO);
        Log log = create(manager, 3000);
        log.flush();
        SegmentsView view = log.segments();
        CleanedSegment cleaned = CleanedSegment.create(disk, log.folder(), 0, 0);
        cleaned.append(TestBatches.batch(1_000, "first"));
        cleaned.finish();
        manager.moves().move(ID, TWO);
        assertThat(log.segments().copied()).isTrue();
        // After the first chunk has been copied.
        owner.post(() -> loop.post(() -> owner.post(() -> swap(view, cleaned))));
        world.runUntilIdle();
        Log moved = manager.log(ID).orElseThrow();
        assertThat(moved.folder()).isEqualTo(TWO.resolve("events-0"));
        assertThat(moved.segments().copied()).isFalse();
        assertThat(moved.endOffset()).isEqualTo(3000);
        FileSlice second = (FileSlice) moved.read(1, 1, true, moved.endOffset()).records();
        ByteBuffer batch = ByteBuffer.allocate(second.sizeBytes());
        second.file().read(batch, second.position());
        assertThat(RecordBatch.baseOffset(batch, 0)).isEqualTo(view.baseOffset(1));
        manager.close();
        disk.close();
    }

    private static void swap(SegmentsView view, CleanedSegment cleaned) {
        try {
            assertThat(view.replace(0, 1, cleaned)).isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theOwnerCopiesNoMoreThanALittleByItself() throws IOException {
        LogManager manager = open(ONE, TWO);
        Log log = create(manager, 3000);
        manager.moves().move(ID, TWO);
        Log future = manager.moves().futures().get(0);
        long[] endAndMost = {0, 0};
        world.runUntil(
                () -> {
                    endAndMost[1] = Math.max(endAndMost[1], future.endOffset() - endAndMost[0]);
                    endAndMost[0] = future.endOffset();
                    return manager.log(ID).orElseThrow() != log;
                },
                60_000);
        assertThat(endAndMost[0]).isEqualTo(3000);
        assertThat(endAndMost[1] * 900).isLessThan(1 << 20);
        manager.close();
        disk.close();
    }

    @Test
    void theCopyInAFolderThatHasFailedIsClosedWithTheBroker() throws IOException {
        LogManager manager = open(ONE, TWO);
        create(manager, 20);
        manager.moves().move(ID, TWO);
        folders.failures().folderFailed(TWO, new IOException("The disk is gone"));
        manager.close();
        disk.close();
    }

    @Test
    void aStartThatFailsAtAnyOperationLeavesNothingOpen() throws IOException {
        for (int failAt = 1; failAt < 200; failAt++) {
            try (FaultingFileSystem faulting = new FaultingFileSystem(failAt)) {
                startThatFails(faulting, failAt);
            }
        }
    }

    private void startThatFails(FaultingFileSystem faulting, int failAt) throws IOException {
        SimulatedLoop first = world.newLoop("first");
        LogFolders locked = LogFolders.open(faulting, List.of(ONE));
        create(LogManager.open(locked, environment(first), LogManagerSettings.DEFAULT, topic -> CONFIG), 8);
        first.close();
        faulting.kill();
        locked = LogFolders.open(faulting, List.of(ONE));
        SimulatedLoop second = world.newLoop("second");
        try {
            faulting.failOperation(failAt);
            LogManager.open(locked, environment(second), LogManagerSettings.DEFAULT, topic -> CONFIG)
                    .close();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("simulated failure");
            locked.close();
        } finally {
            second.close();
        }
    }

    private StorageEnvironment environment(SimulatedLoop on) {
        return new StorageEnvironment(
                world.clock(), world.newRandoms("manager"), StorageLoops.single(on), (folder, cause) -> {});
    }

    @Test
    void aCopyOfAFormerTopicOfThatNameDoesNotHinderAStart() throws IOException {
        LogManager manager = open(ONE, TWO);
        create(manager, 20);
        manager.moves().move(ID, TWO);
        kill();
        disk.rename(ONE.resolve("events-0"), ONE.resolve("events-0.0123-delete"));
        manager = open(ONE, TWO);
        manager.getOrCreate(ID, new Uuid(7, 10), CONFIG);
        kill();
        manager = open(ONE, TWO);
        assertThat(manager.log(ID)).isPresent();
        assertThat(manager.moves().futures()).isEmpty();
        world.advanceMs(10);
        assertThat(disk.list(TWO)).noneMatch(name -> name.endsWith("-future"));
        manager.close();
        disk.close();
    }

    @Test
    void aCopyIsNotTakenForCompleteBecauseOfAStrayFolderOfAnotherTime() throws IOException {
        LogManager manager = open(ONE, TWO);
        create(manager, 20);
        manager.moves().move(ID, TWO);
        kill();
        disk.createFolders(ONE.resolve("events-0.00000000000000000000000000000001-stray"));
        disk.rename(ONE.resolve("events-0"), Path.of("/data/elsewhere"));
        Path copy = copyIn(TWO);
        manager = open(ONE, TWO);
        assertThat(manager.log(ID)).isEmpty();
        assertThat(disk.exists(copy)).isTrue();
        manager.close();
        disk.close();
    }

    @Test
    void whatAFolderKnowsIsNotWipedOutByItsGoingOffline() throws IOException {
        LogManager manager = open(ONE);
        Log log = create(manager, 8);
        log.advanceStartTo(5);
        manager.offsets().save();
        LogFolder folder = manager.folders().get(0);
        FolderCheckpoints checkpoints = folder.checkpoints();
        // As when the folder fails after it was found online and before its logs are gathered.
        assertThat(checkpoints.saveStarts(() -> {
                    folders.failures().folderFailed(ONE, new IOException("The disk is gone"));
                    return folder.served();
                }))
                .isFalse();
        assertThat(checkpoints.logStart(ID)).isEqualTo(5);
        manager.close();
        disk.close();
    }

    @Test
    void whereALogBeginsThatComesIsKeptUntilItIsThere() throws IOException {
        LogManager manager = open(ONE);
        FolderCheckpoints checkpoints = manager.folders().get(0).checkpoints();
        checkpoints.expect(ID, 5);
        manager.offsets().save();
        assertThat(checkpoints.logStart(ID)).isEqualTo(5);
        checkpoints.arrived(ID);
        assertThat(checkpoints.saveStarts(() -> Optional.of(List.of()))).isTrue();
        assertThat(checkpoints.logStart(ID)).isZero();
        manager.close();
        disk.close();
    }
}
