package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogFileNames;
import io.odradek.storage.log.OldEntries;
import io.odradek.storage.log.OldEntries.OldRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogMovesTest {
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final Uuid TOPIC_ID = new Uuid(7, 9);
    private static final Path ONE = Path.of("/data/one");
    private static final Path TWO = Path.of("/data/two");
    private static final LogConfig CONFIG =
            LogConfig.of(Map.of(), Map.of("segment.bytes", "3000", "file.delete.delay.ms", "10"));

    /** One process on the disk: loops, a manager, and the log that it appends numbered records to. */
    private static final class Life {
        private final SimulatedWorld world = new SimulatedWorld(3);
        private final SimulatedLoop owner = world.newLoop("owner");
        private final SimulatedLoop logIo = world.newLoop("log-io");
        private final LogManager manager;
        private Log log;

        Life(FaultingFileSystem disk) throws IOException {
            LogFolders folders = LogFolders.open(disk, List.of(ONE, TWO));
            StorageEnvironment environment = new StorageEnvironment(
                    world.clock(),
                    world.newRandoms("manager"),
                    new StorageLoops(logIo, List.of(), List.of(), List.of(), id -> owner),
                    (folder, cause) -> {});
            try {
                manager = LogManager.open(folders, environment, LogManagerSettings.DEFAULT, topic -> CONFIG);
            } catch (IOException | RuntimeException e) {
                folders.close();
                throw e;
            }
        }

        /** Creates the log in the first folder, with so many records of 1 KiB. */
        void create(int records) throws IOException {
            log = manager.getOrCreate(ID, TOPIC_ID, CONFIG);
            begin();
            for (int i = 0; i < records; i++) {
                append();
            }
        }

        /** Takes up what is on the disk. */
        void resume() {
            log = manager.log(ID).orElseThrow();
            begin();
        }

        private void begin() {
            manager.moves().begin((id, moved) -> log = moved);
        }

        void append() throws IOException {
            byte[] value = new byte[1000];
            byte[] number = Long.toString(log.endOffset()).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(number, 0, value, 0, number.length);
            ByteBuffer batch = new BatchBuilder(2000)
                    .append(world.clock().wallMs(), null, ByteBuffer.wrap(value))
                    .build();
            log.append(batch, 1, world.clock().wallMs());
        }

        /** Appends from the owner's loop, one record a task, while the move goes on. */
        void appendMeanwhile(int records) {
            owner.post(() -> {
                if (records > 0) {
                    try {
                        append();
                    } catch (IOException e) {
                        return;
                    }
                    appendMeanwhile(records - 1);
                }
            });
        }

        /** {@return how many records there are, each found to be the one that belongs there} */
        long verified() throws IOException {
            long offset = log.startOffset();
            while (offset < log.endOffset()) {
                FileSlice slice =
                        (FileSlice) log.read(offset, 1, true, log.endOffset()).records();
                ByteBuffer batch = ByteBuffer.allocate(slice.sizeBytes());
                slice.file().read(batch, slice.position());
                batch.flip();
                assertThat(RecordBatch.baseOffset(batch, 0)).isEqualTo(offset);
                assertThat(RecordBatch.hasValidCrc(batch, 0)).isTrue();
                assertThat(new String(batch.array(), StandardCharsets.ISO_8859_1))
                        .contains(Long.toString(offset));
                offset++;
            }
            return log.endOffset();
        }
    }

    @Test
    void movesKeepToTheirPaceAndWaitWhileThereIsNone() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(4_000);
            life.log.updateHighWatermark(4_000);
            life.manager.moves().bound(0);
            life.manager.moves().move(ID, TWO);

            life.world.advanceMs(10_000);
            assertThat(life.log.folder()).isEqualTo(ONE.resolve("events-0"));

            life.manager.moves().bound(1_000_000);
            // 4.3 MB, and up to a second until it looks again.
            life.world.advanceMs(3_500);
            assertThat(life.log.folder()).isEqualTo(ONE.resolve("events-0"));

            life.world.advanceMs(2_500);
            assertThat(life.log.folder()).isEqualTo(TWO.resolve("events-0"));
            assertThat(life.verified()).isEqualTo(4_000);
            life.manager.close();
        }
    }

    @Test
    void aMoveThatWaitsGoesOnAtOnceWithoutABound() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(4_000);
            life.manager.moves().bound(1);
            life.manager.moves().move(ID, TWO);
            life.world.advanceMs(60_000);
            assertThat(life.log.folder()).isEqualTo(ONE.resolve("events-0"));

            life.manager.moves().bound(Long.MAX_VALUE);
            life.world.advanceMs(1_001);

            assertThat(life.log.folder()).isEqualTo(TWO.resolve("events-0"));
            life.manager.close();
        }
    }

    @Test
    void aLogOfOldMessagesMovesAndIsWrittenAsBatches() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Path from = ONE.resolve("events-0");
            disk.createFolders(from);
            try (LogFile file = disk.open(from.resolve("00000000000000000000.log"))) {
                file.append(OldEntries.plain(0, old(0)));
                file.append(OldEntries.gzipped(1, -1, List.of(old(1), old(2), old(3))));
                file.append(OldEntries.plain(1, old(4)));
            }
            Life life = new Life(disk);
            life.create(1);
            life.log.updateHighWatermark(6);
            life.log.advanceStartTo(2);
            life.manager.moves().move(ID, TWO);
            life.world.advanceMs(2_000);

            assertThat(life.log.folder()).isEqualTo(TWO.resolve("events-0"));
            assertThat(life.log.startOffset()).isEqualTo(2);
            assertThat(life.log.endOffset()).isEqualTo(6);
            FileSlice slice = (FileSlice) life.log.read(2, 1 << 20, true, 6).records();
            ByteBuffer all = ByteBuffer.allocate(slice.sizeBytes());
            slice.file().read(all, slice.position());
            List<String> batches = new ArrayList<>();
            for (int at = 0; at < all.limit(); at += RecordBatch.sizeBytes(all, at)) {
                batches.add(RecordBatch.magic(all, at) + ": " + RecordBatch.baseOffset(all, at) + " to "
                        + RecordBatch.lastOffset(all, at));
            }
            assertThat(batches).as("of the first segment").containsExactly("2: 1 to 3", "2: 4 to 4");
            life.manager.close();
        }
    }

    private static OldRecord old(long offset) {
        return new OldRecord(offset, 1_000, null, new byte[10]);
    }

    @Test
    void aLogThatStartsWithinABatchMovesWithTheWholeBatch() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(3);
            BatchBuilder batch = new BatchBuilder(2000);
            for (int i = 0; i < 5; i++) {
                batch.append(life.world.clock().wallMs(), null, ByteBuffer.allocate(10));
            }
            life.log.append(batch.build(), 1, life.world.clock().wallMs());
            life.log.updateHighWatermark(8);
            life.log.advanceStartTo(6);

            life.manager.moves().move(ID, TWO);
            life.appendMeanwhile(10);
            life.world.runUntilIdle();

            assertThat(life.log.folder()).isEqualTo(TWO.resolve("events-0"));
            assertThat(life.log.startOffset()).isEqualTo(6);
            assertThat(life.log.endOffset()).isEqualTo(18);
            FileSlice slice =
                    (FileSlice) life.log.read(6, 1, true, life.log.endOffset()).records();
            ByteBuffer first = ByteBuffer.allocate(slice.sizeBytes());
            slice.file().read(first, slice.position());
            assertThat(RecordBatch.baseOffset(first, 0)).isEqualTo(3);
            life.manager.close();
        }
    }

    @Test
    void aLogMovesToAnotherFolderWhileItIsWritten() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(50);
            life.manager.moves().move(ID, TWO);
            life.appendMeanwhile(40);
            life.world.runUntilIdle();
            assertThat(life.log.folder()).isEqualTo(TWO.resolve("events-0"));
            assertThat(life.manager.log(ID)).containsSame(life.log);
            assertThat(life.verified()).isEqualTo(90);
            life.world.advanceMs(10);
            assertThat(disk.list(ONE)).noneMatch(name -> name.startsWith("events"));
            life.manager.close();
            Life next = new Life(disk);
            next.resume();
            assertThat(next.verified()).isEqualTo(90);
            next.manager.close();
        }
    }

    @Test
    void aDamagedLogStaysWhereWhatIsLostCanStillBeGotBack() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(20);
            try (LogFile file = disk.open(life.log.segments().path(1, LogFileNames.LOG))) {
                file.write(ByteBuffer.wrap(new byte[100]), 0);
            }
            life.manager.moves().move(ID, TWO);
            life.world.runUntilIdle();
            assertThat(life.manager.moves().futures()).isEmpty();
            assertThat(life.log.folder()).isEqualTo(ONE.resolve("events-0"));
            life.append();
            life.manager.close();
        }
    }

    @Test
    void theStartOfALogMovesWithItAndSurvivesAKill() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(20);
            life.log.updateHighWatermark(20);
            life.log.advanceStartTo(11);
            life.manager.moves().move(ID, TWO);
            life.world.runUntilIdle();
            assertThat(life.log.startOffset()).isEqualTo(11);
            disk.kill();
            Life next = new Life(disk);
            next.resume();
            assertThat(next.log.startOffset()).isEqualTo(11);
            assertThat(next.verified()).isEqualTo(20);
            next.manager.close();
        }
    }

    @Test
    void aLogThatBeginsInsideOfABatchMovesWithThatBatch() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(1);
            BatchBuilder batch = new BatchBuilder(2000);
            for (int i = 1; i <= 8; i++) {
                batch.append(nowMs(life), null, ByteBuffer.wrap(new byte[] {(byte) i}));
            }
            life.log.append(batch.build(), 1, nowMs(life));
            life.append();
            life.log.updateHighWatermark(10);
            life.log.advanceStartTo(5);
            life.manager.moves().move(ID, TWO);
            life.world.runUntilIdle();
            assertThat(life.manager.moves().futures()).isEmpty();
            assertThat(life.log.folder()).isEqualTo(TWO.resolve("events-0"));
            assertThat(life.log.startOffset()).isEqualTo(5);
            assertThat(life.log.endOffset()).isEqualTo(10);
            FileSlice slice = (FileSlice) life.log.read(5, 1, true, 10).records();
            ByteBuffer moved = ByteBuffer.allocate(slice.sizeBytes());
            slice.file().read(moved, slice.position());
            assertThat(RecordBatch.baseOffset(moved, 0)).isEqualTo(1);
            assertThat(RecordBatch.lastOffset(moved, 0)).isEqualTo(8);
            life.manager.close();
        }
    }

    private static long nowMs(Life life) {
        return life.world.clock().wallMs();
    }

    @Test
    void aTruncationInTheMiddleOfAMoveIsFollowed() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(1200);
            life.manager.moves().move(ID, TWO);
            life.owner.post(() -> life.logIo.post(() -> life.owner.post(() -> {
                try {
                    life.log.truncateTo(5);
                    life.appendMeanwhile(10);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            })));
            life.world.runUntilIdle();
            assertThat(life.log.folder()).isEqualTo(TWO.resolve("events-0"));
            assertThat(life.verified()).isEqualTo(15);
            life.manager.close();
        }
    }

    @Test
    void aMoveToTheSameFolderGivesUpTheOneUnderWay() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(20);
            life.manager.moves().move(ID, TWO);
            life.manager.moves().move(ID, ONE);
            life.world.runUntilIdle();
            assertThat(life.manager.moves().futures()).isEmpty();
            assertThat(life.log.folder()).isEqualTo(ONE.resolve("events-0"));
            assertThat(disk.list(TWO)).noneMatch(name -> name.startsWith("events"));
            life.manager.close();
        }
    }

    @Test
    void aLogThatIsDeletedTakesItsCopyWithIt() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(20);
            life.manager.moves().move(ID, TWO);
            life.manager.delete(ID);
            life.world.advanceMs(10);
            assertThat(disk.list(ONE)).noneMatch(name -> name.startsWith("events"));
            assertThat(disk.list(TWO)).noneMatch(name -> name.startsWith("events"));
            life.manager.close();
        }
    }

    @Test
    void aTargetThatFailsLeavesTheLogWhereItIs() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(20);
            life.manager.moves().move(ID, TWO);
            disk.diskFullAfter(3000);
            life.world.runUntilIdle();
            assertThat(life.manager.moves().futures()).isEmpty();
            disk.freeSpace();
            life.append();
            assertThat(life.log.folder()).isEqualTo(ONE.resolve("events-0"));
            assertThat(life.verified()).isEqualTo(21);
            life.manager.close();
        }
    }

    @Test
    void whatCannotBeMovedIsRefused() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(1);
            LogMoves moves = life.manager.moves();
            assertThatThrownBy(() -> moves.move(ID, Path.of("/elsewhere")))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.LOG_DIR_NOT_FOUND));
            assertThatThrownBy(() -> moves.move(new TopicPartition("none", 0), TWO))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
            life.manager.close();
        }
    }

    @Test
    void aCrashBetweenAnyTwoOperationsOfAMoveLosesNothing() throws IOException {
        long operations = operationsOfAMove();
        long seed = SimulatedWorld.seedFromSystem();
        for (long crashAfter = 0; crashAfter < operations; crashAfter++) {
            for (int round = 0; round < 3; round++) {
                String name =
                        "after operation " + crashAfter + " of " + operations + ", round " + round + ", seed " + seed;
                try (FaultingFileSystem disk = new FaultingFileSystem(seed + crashAfter)) {
                    crashedMove(disk, crashAfter, round, seed, name);
                }
            }
        }
    }

    private static long operationsOfAMove() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Life life = new Life(disk);
            life.create(8);
            long before = disk.operations();
            life.manager.moves().move(ID, TWO);
            life.appendMeanwhile(6);
            life.world.runUntilIdle();
            long operations = disk.operations() - before;
            life.manager.close();
            return operations;
        }
    }

    private static void crashedMove(FaultingFileSystem disk, long crashAfter, int round, long seed, String name)
            throws IOException {
        Life life = new Life(disk);
        life.create(8);
        life.log.flush();
        disk.haltAfter(crashAfter);
        try {
            life.manager.moves().move(ID, TWO);
            life.appendMeanwhile(6);
            life.world.runUntilIdle();
        } catch (IOException e) {
            assertThat(e).as(name).hasMessageContaining("/data");
        }
        long atLeast;
        if (round == 0) {
            atLeast = Math.max(8, life.log.endOffset());
            disk.kill();
        } else {
            atLeast = Math.max(8, life.log.recoveryPoint());
            disk.powerLoss(new Random(seed + crashAfter * 4 + round));
        }
        Life next = new Life(disk);
        next.resume();
        next.appendMeanwhile(3);
        next.world.runUntilIdle();
        assertThat(next.verified()).as(name).isGreaterThanOrEqualTo(atLeast + 3);
        next.world.advanceMs(10);
        assertThat(disk.list(ONE).contains("events-0") ^ disk.list(TWO).contains("events-0"))
                .as(name)
                .isTrue();
        next.manager.close();
    }
}
