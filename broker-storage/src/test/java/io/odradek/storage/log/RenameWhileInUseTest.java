package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deletion renames a log's folder on another thread while the log's owner, which appends no more, keeps the log up. */
@Timeout(60)
class RenameWhileInUseTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final Path RENAMED = Path.of("/data/logs/events-0.0123456789abcdef-delete");

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final Throwable[] failure = new Throwable[2];
    private Log log;

    @BeforeEach
    void openALogOfThreeSegments() throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        LogOpening opening = LogOpening.create(FOLDER, new TopicPartition("events", 0), new Uuid(1, 2));
        LogConfig config = LogConfig.of(Map.of(), Map.of("segment.bytes", "100", "retention.ms", "1000"));
        log = Log.open(context, opening, config);
        for (int i = 0; i < 3; i++) {
            log.append(TestBatches.batch(1_000, "value " + "v".repeat(40)), 0, 1_000);
        }
        log.updateHighWatermark(3);
    }

    @AfterEach
    void itCanBeDeletedAndNothingIsLeft() throws IOException {
        assertThat(failure).containsOnlyNulls();
        assertThat(disk.exists(FOLDER)).isFalse();
        log.delete();
        assertThat(disk.list(FOLDER.getParent())).isEmpty();
        disk.close();
    }

    @Test
    void theLeaderEpochsOfALogThatBeginsLaterAreWrittenBeforeTheFolderIsRenamed() throws Exception {
        log.advanceStartTo(2);
        whileRenamed("leader-epoch-checkpoint.tmp", () -> log.startSaved(2));
        assertThat(disk.exists(RENAMED.resolve("leader-epoch-checkpoint"))).isTrue();
        assertThat(disk.exists(RENAMED.resolve("leader-epoch-checkpoint.tmp"))).isFalse();
    }

    @Test
    void theOwnerRollsTheActiveSegmentInTheOldFolderOrInTheNewOne() throws Exception {
        whileRenamed("00000000000000000003.log", () -> log.retain(1_000_000));
        assertThat(log.startOffset()).isEqualTo(3);
        assertThat(disk.exists(RENAMED.resolve("00000000000000000003.log"))).isTrue();
    }

    @Test
    void theOwnerDoesNotWaitForAForceThatTheRenamingWaitsFor() throws Exception {
        CountDownLatch forcing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.afterForce(() -> {
            disk.afterForce(() -> {});
            forcing.countDown();
            await(goOn);
        });
        Thread forcer = thread(log::flush, 0);
        await(forcing);
        Thread renamer = thread(() -> log.renameFolder(RENAMED), 1);
        assertThat(endedOrWaiting(renamer)).isEqualTo(Thread.State.BLOCKED);
        log.advanceStartTo(2);
        assertThat(log.startSaved(2)).isTrue();
        assertThat(disk.exists(FOLDER)).isTrue();
        goOn.countDown();
        forcer.join();
        renamer.join();
    }

    /** The other thread must be seen to wait before the owner goes on. */
    private void whileRenamed(String renamedFile, LogFlusher.Step ownersStep) throws Exception {
        Thread[] renamer = new Thread[1];
        Thread.State[] seen = new Thread.State[1];
        disk.beforeUseOf(renamedFile, () -> {
            renamer[0] = thread(() -> log.renameFolder(RENAMED), 1);
            seen[0] = endedOrWaiting(renamer[0]);
        });
        ownersStep.run();
        assertThat(renamer[0]).as("met the file").isNotNull();
        renamer[0].join();
        assertThat(seen[0]).isEqualTo(Thread.State.BLOCKED);
    }

    private static Thread.State endedOrWaiting(Thread thread) {
        while (thread.getState() != Thread.State.BLOCKED && thread.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        return thread.getState();
    }

    private Thread thread(LogFlusher.Step step, int slot) {
        Thread thread = new Thread(() -> {
            try {
                step.run();
            } catch (IOException | RuntimeException e) {
                failure[slot] = e;
            }
        });
        thread.start();
        return thread;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
