package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogManagerOnFaultingDiskTest extends LogManagerContract {
    private FaultingFileSystem disk = new FaultingFileSystem(11);

    @AfterEach
    void nothingIsLeftOpen() {
        disk.close();
    }

    @Override
    LogFileSystem disk() {
        return disk;
    }

    @Override
    Path root() {
        return Path.of("/data");
    }

    private void lifeOfABroker() throws IOException {
        try (LogManager manager = open(one(), two())) {
            manager.getOrCreate(A, topicId, CONFIG);
            manager.getOrCreate(B, topicId, CONFIG);
            manager.offsets().saveHighWatermarks(Map.of(A, 0L));
            manager.delete(A);
            manager.offsets().save();
            world.advanceMs(CONFIG.fileDeleteDelayMs());
        }
    }

    @Test
    void afterACrashBetweenAnyTwoOperationsTheNextStartWorks() throws IOException {
        lifeOfABroker();
        long operations = disk.operations();
        for (long crashAfter = 0; crashAfter < operations; crashAfter++) {
            for (int seed = 0; seed < 3; seed++) {
                disk = new FaultingFileSystem(seed);
                disk.haltAfter(crashAfter);
                crash(seed);
                try (LogManager manager = open(one(), two())) {
                    assertThat(manager.logs()).extracting(Log::id).isSubsetOf(A, B);
                    manager.getOrCreate(C, topicId, CONFIG);
                    world.runUntilIdle();
                }
                disk.close();
            }
        }
    }

    private void crash(int seed) {
        try {
            lifeOfABroker();
        } catch (IOException | ApiException e) {
            assertThat(e).hasMessageContaining("/data");
        }
        if (seed == 0) {
            disk.kill();
        } else {
            disk.powerLoss(new Random(seed));
        }
    }

    @Test
    void aDeletedLogDoesNotComeBackWithAPowerLoss() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            LogManager manager = open(one());
            manager.getOrCreate(A, topicId, CONFIG);
            disk.forceFolder(one());
            manager.delete(A);
            disk.powerLoss(new Random(seed));
            try (LogManager next = open(one())) {
                assertThat(next.log(A)).isEmpty();
            }
        }
    }

    @Test
    void aLogThatCannotBeClosedLeavesNoCleanMarkInItsFolder() throws IOException {
        LogManager manager = open(one(), two());
        manager.getOrCreate(A, topicId, CONFIG);
        manager.getOrCreate(B, topicId, CONFIG);
        disk.breakBelow(one());
        assertThatThrownBy(manager::close).isInstanceOf(IOException.class);
        disk.mend();
        assertThat(disk.list(one())).doesNotContain(".kafka_cleanshutdown");
        assertThat(disk.list(two())).contains(".kafka_cleanshutdown");
    }

    @Test
    void aFullDiskCostsTheCleanMarkAndNoFailure() throws IOException {
        LogManager manager = open(one(), two());
        manager.getOrCreate(A, topicId, CONFIG);
        manager.getOrCreate(B, topicId, CONFIG);
        disk.capacity(two(), 0);
        manager.close();
        assertThat(disk.list(one())).contains(".kafka_cleanshutdown");
        assertThat(disk.list(two())).doesNotContain(".kafka_cleanshutdown");
        assertThat(failures).isEmpty();
    }

    @Test
    void aCheckpointThatCannotBeSavedReportsItsFolder() throws IOException {
        try (LogManager manager = open(one(), two())) {
            manager.getOrCreate(A, topicId, CONFIG);
            disk.failOperation(1);
            manager.offsets().save();
        }
        assertThat(failures).singleElement().asString().startsWith(one().toString());
    }
}
