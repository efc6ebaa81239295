package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogManagerOnNioTest extends LogManagerContract {
    private static final int PARTITIONS = 40;

    private final LogFileSystem disk = new NioLogFileSystem();

    @TempDir
    private Path root;

    @Override
    LogFileSystem disk() {
        return disk;
    }

    @Override
    Path root() {
        return root;
    }

    /** A loop of a thread of its own. */
    private record ThreadLoop(ExecutorService executor) implements EventLoop {
        @Override
        public void post(Runnable task) {
            executor.execute(task);
        }

        @Override
        public Timeout schedule(long delayMs, Runnable task) {
            throw new UnsupportedOperationException("Recovery loops schedule nothing");
        }

        @Override
        public boolean inLoop() {
            return false;
        }
    }

    @Test
    void severalLoopsLoadEveryLogOnce() throws IOException {
        try (LogManager manager = open(one())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                manager.getOrCreate(new TopicPartition("many", partition), topicId, CONFIG);
            }
        }
        ExecutorService first = Executors.newSingleThreadExecutor();
        ExecutorService second = Executors.newSingleThreadExecutor();
        StorageEnvironment environment = new StorageEnvironment(
                world.clock(),
                world.newRandoms("manager"),
                new StorageLoops(
                        logIo,
                        List.of(new ThreadLoop(first), new ThreadLoop(second)),
                        List.of(),
                        List.of(),
                        id -> logIo),
                (folder, cause) -> failures.add(cause.getMessage()));
        try (LogManager manager = LogManager.open(
                LogFolders.open(disk, List.of(one())), environment, LogManagerSettings.DEFAULT, topic -> CONFIG)) {
            assertThat(manager.logs()).hasSize(PARTITIONS);
            assertThat(manager.logs()).extracting(Log::id).isSorted();
        } finally {
            first.shutdown();
            second.shutdown();
        }
        assertThat(failures).isEmpty();
    }
}
