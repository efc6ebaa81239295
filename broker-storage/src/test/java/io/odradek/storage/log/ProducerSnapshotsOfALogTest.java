package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProducerSnapshotsOfALogTest {
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final LogConfig config = LogConfig.of(Map.of(), Map.of("segment.bytes", "1000"));

    private Log open(FaultingFileSystem disk, boolean clean) throws IOException {
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
        return Log.open(context, new LogOpening(FOLDER, ID, new Uuid(1, 2), clean, 0, 0), config);
    }

    private ByteBuffer batch(int sequence) {
        return TestBatches.builder(world.clock().wallMs(), "v")
                .producer(5, (short) 0, sequence)
                .build();
    }

    @Test
    void aRepeatOfAnOldDatedBatchIsKnownAfterACleanRestartAsAfterACrash() throws IOException {
        for (boolean clean : new boolean[] {true, false}) {
            try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
                world.advanceMs(ProducerLimits.standard().expirationMs() * 3);
                Log log = open(disk, true);
                ByteBuffer old = TestBatches.batch(5, 0, 0, "v");
                log.append(old.duplicate(), 0, world.clock().wallMs());
                log.flush();
                if (clean) {
                    log.close();
                } else {
                    disk.kill();
                }
                log = open(disk, clean);
                assertThat(log.append(
                                        TestBatches.batch(5, 0, 0, "v"),
                                        0,
                                        world.clock().wallMs())
                                .duplicate())
                        .isTrue();
                log.producers().expire(world.clock().wallMs());
                assertThat(log.append(
                                        TestBatches.batch(5, 0, 0, "v"),
                                        0,
                                        world.clock().wallMs())
                                .duplicate())
                        .isFalse();
                log.close();
            }
        }
    }

    @Test
    void manyRestartsLeaveASnapshotForEachSegmentAndOneForTheEnd() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            for (int i = 0; i < 30; i++) {
                Log log = open(disk, i != 10);
                assertThat(log.append(batch(i), 0, world.clock().wallMs()).duplicate())
                        .isFalse();
                log.flush();
                log.close();
            }
            List<String> names = disk.list(FOLDER);
            List<String> segments =
                    names.stream().filter(name -> name.endsWith(".log")).toList();
            List<String> snapshots =
                    names.stream().filter(name -> name.endsWith(".snapshot")).toList();
            assertThat(segments).hasSizeGreaterThan(1);
            assertThat(snapshots).hasSizeLessThanOrEqualTo(segments.size() + 1);
            Log log = open(disk, true);
            assertThat(log.append(batch(29), 0, world.clock().wallMs()).duplicate())
                    .isTrue();
            log.close();
        }
    }

    @Test
    void aSnapshotOfBeforeBatchesThatAreGoneSaysNothing() throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            Log log = open(disk, true);
            for (int i = 0; i < 40; i++) {
                log.append(batch(i), 0, world.clock().wallMs());
            }
            for (int i = 0; i < 20; i++) {
                log.append(
                        TestBatches.batch(world.clock().wallMs(), "of nobody"),
                        0,
                        world.clock().wallMs());
            }
            log.flush();
            log.close();
            List<String> segments = named(disk, LogFileNames.LOG);
            List<String> snapshots = named(disk, LogFileNames.PRODUCER_SNAPSHOT);
            for (String segment : segments.subList(0, segments.size() - 1)) {
                disk.delete(FOLDER.resolve(segment));
            }
            for (String snapshot : snapshots.subList(1, snapshots.size())) {
                disk.delete(FOLDER.resolve(snapshot));
            }
            log = open(disk, false);
            assertThat(log.startOffset()).isGreaterThan(40);
            assertThat(log.append(batch(40), 0, world.clock().wallMs()).duplicate())
                    .isFalse();
            log.close();
        }
    }

    private static List<String> named(FaultingFileSystem disk, String suffix) throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> LogFileNames.is(name, suffix))
                .toList();
    }
}
