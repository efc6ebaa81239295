package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log is appended to, cut, closed and deleted while another thread forces it. */
@Timeout(60)
class ForceWhileInUseTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");

    private final FaultingFileSystem disk = new FaultingFileSystem(1);

    private Log open(boolean clean) throws IOException {
        disk.createFolders(FOLDER.getParent());
        disk.forceFolder(Path.of("/data"));
        disk.forceFolder(Path.of("/"));
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        LogOpening opening = new LogOpening(FOLDER, new TopicPartition("events", 0), new Uuid(1, 2), clean, 0, 0);
        return Log.open(context, opening, LogConfig.of(Map.of(), Map.of()));
    }

    private static void append(Log log) {
        try {
            log.append(TestBatches.batch(1_000, "value"), 0, 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsAppendedDuringAForceIsNotTakenForForced() throws IOException {
        Log log = open(true);
        append(log);
        disk.afterForce(() -> {
            disk.afterForce(() -> {});
            append(log);
        });
        log.flush();
        assertThat(log.recoveryPoint()).isEqualTo(1);
        assertThat(log.endOffset()).isEqualTo(2);
        log.flush();
        assertThat(log.recoveryPoint()).isEqualTo(2);
        disk.powerLoss(new Random(1));
        try (Log next = open(false)) {
            assertThat(next.endOffset()).isEqualTo(2);
        }
        disk.close();
    }

    @Test
    void aTruncationWaitsForTheForceAndTakesTheRecoveryPointBack() throws Exception {
        Log log = open(true);
        append(log);
        append(log);
        whileItIsForced(log, () -> log.truncateTo(1));
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(log.recoveryPoint()).isEqualTo(1);
        log.close();
        disk.close();
    }

    @Test
    void aLogIsClosedOrDeletedWhenTheForceHasEndedAndForcedNoMore() throws Exception {
        Log closed = open(true);
        append(closed);
        whileItIsForced(closed, closed::close);
        closed.flush();
        Log deleted = open(true);
        append(deleted);
        whileItIsForced(deleted, deleted::delete);
        deleted.flush();
        assertThat(deleted.recoveryPoint()).isEqualTo(2);
        disk.close();
    }

    @Test
    void aForceThatFailedIsNotMadeGoodByTheNextOne() throws IOException {
        Log log = open(true);
        append(log);
        disk.failForceOf(".log");
        assertThatThrownBy(log::flush).isInstanceOf(IOException.class);
        assertThatThrownBy(log::flush).hasMessageContaining("an earlier attempt failed");
        assertThat(log.recoveryPoint()).isZero();
        log.close();
        disk.close();
    }

    /** The other thread must be seen to wait before the force is let go on. */
    private void whileItIsForced(Log log, LogFlusher.Step step) throws InterruptedException, IOException {
        CountDownLatch forcing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.afterForce(() -> {
            disk.afterForce(() -> {});
            forcing.countDown();
            await(goOn);
        });
        Throwable[] failure = new Throwable[2];
        Thread forcer = thread(log::flush, failure, 0);
        await(forcing);
        Thread other = thread(step, failure, 1);
        while (other.getState() != Thread.State.BLOCKED && other.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        assertThat(other.getState()).isEqualTo(Thread.State.BLOCKED);
        goOn.countDown();
        forcer.join();
        other.join();
        assertThat(failure).containsOnlyNulls();
    }

    private static Thread thread(LogFlusher.Step step, Throwable[] failure, int slot) {
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
