package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeferredWorkTest {
    private static final Path FOLDER = Path.of("/data/logs");

    @Test
    void anOwnerDoesNotWaitForAFlushToHandARemovalOver() {
        List<String> seen = new ArrayList<>();
        DeferredWork[] work = new DeferredWork[1];
        CallersLoop loop = new CallersLoop();
        StorageEnvironment environment =
                new StorageEnvironment(null, null, StorageLoops.single(loop), (folder, cause) -> seen.add("failed"));
        work[0] = new DeferredWork(
                loop,
                environment.failures(),
                log -> {
                    seen.add(handedOverMeanwhile(work[0]) ? "handed over" : "waited");
                    return false;
                },
                folder -> true,
                folder -> seen.add("saved"),
                new LoadingProgress(new SimulatedWorld(1).clock(), Integer.MAX_VALUE),
                new FolderCommits(List.of(FOLDER), environment, false));
        work[0].rolled(null, 7);
        assertThat(seen).containsExactly("handed over");
    }

    private static boolean handedOverMeanwhile(DeferredWork work) {
        CountDownLatch done = new CountDownLatch(1);
        Thread owner = new Thread(() -> {
            work.removeLater(FOLDER, 60_000, () -> {}, () -> {});
            done.countDown();
        });
        owner.start();
        try {
            return done.await(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs what is posted at once, and what is scheduled never; for calls from several threads. */
    private static final class CallersLoop implements EventLoop {
        @Override
        public void post(Runnable task) {
            task.run();
        }

        @Override
        public Timeout schedule(long delayMs, Runnable task) {
            return () -> {};
        }

        @Override
        public boolean inLoop() {
            return true;
        }
    }
}
