package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import io.odradek.storage.log.OldEntries;
import io.odradek.storage.log.OldEntries.OldRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Broker 1 has, or copies from broker 2, a log with messages of magic 0 and 1. */
class OldRecordsCopiedTest {
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final Path FOLDER = Path.of("/data", ID.toString());

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private Log log;
    private Partition partition;

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    private void open(long endOffset, long highWatermark) throws IOException {
        LogContext context = new LogContext(
                disk,
                world.clock(),
                world.newRandoms("log"),
                LogEvents.IMMEDIATE,
                LogContext.ProducerLimits.standard());
        log = Log.open(
                context, new LogOpening(FOLDER, ID, Uuid.ZERO, true, endOffset, 0), LogConfig.of(Map.of(), Map.of()));
        partition = new Partition(
                ID,
                Uuid.ZERO,
                log,
                highWatermark,
                RecordLimits.DEFAULTS,
                LeadershipListener.NONE,
                (failed, cause) -> {});
    }

    private FollowerLog follower() {
        partition.follow(5, 2);
        return partition.followerLog(5);
    }

    private void lay(ByteBuffer... entries) throws IOException {
        disk.createFolders(FOLDER);
        try (LogFile file = disk.open(FOLDER.resolve("00000000000000000000.log"))) {
            for (ByteBuffer entry : entries) {
                file.append(entry);
            }
        }
    }

    private static OldRecord record(long offset) {
        return new OldRecord(offset, 1_000 + offset, null, ("v" + offset).getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer joined(ByteBuffer... parts) {
        ByteBuffer all = ByteBuffer.allocate(1 << 12);
        for (ByteBuffer part : parts) {
            all.put(part.duplicate());
        }
        return all.flip();
    }

    private static ByteBuffer batch(long offset, int leaderEpoch) {
        ByteBuffer batch = new BatchBuilder(1 << 10)
                .append(1_000 + offset, null, ByteBuffer.wrap(("v" + offset).getBytes(StandardCharsets.UTF_8)))
                .build();
        RecordBatch.setBaseOffset(batch, 0, offset);
        RecordBatch.setLeaderEpoch(batch, 0, leaderEpoch);
        return batch;
    }

    /** {@return what the log has, all of it in batches, as offset and value} */
    private List<String> stored() throws IOException {
        FileSlice slice =
                (FileSlice) log.read(0, 1 << 20, true, log.endOffset()).records();
        ByteBuffer all = ByteBuffer.allocate(slice.sizeBytes());
        slice.file().read(all, slice.position());
        List<String> stored = new ArrayList<>();
        for (int at = 0; at < all.limit(); at += RecordBatch.sizeBytes(all, at)) {
            assertThat(RecordBatch.magic(all, at)).isEqualTo(RecordBatch.MAGIC);
            try (RecordCursor records = new RecordCursor().open(all, at, 1 << 20)) {
                while (records.next()) {
                    stored.add(records.offset() + " " + StandardCharsets.UTF_8.decode(records.value()));
                }
            }
        }
        return stored;
    }

    @Test
    void aFollowerWritesBatchesOfTheMessagesThatItsLeaderHas() throws IOException {
        open(0, 0);
        FollowerLog follower = follower();
        ByteBuffer last = OldEntries.plain(1, record(6));
        ByteBuffer given = joined(
                OldEntries.plain(0, record(0)),
                OldEntries.plain(1, record(1)),
                OldEntries.gzipped(1, -1, List.of(record(2), record(3))),
                batch(4, 3),
                OldEntries.gzipped(0, -1, List.of(record(5))),
                last);
        given.limit(given.limit() - 1);
        assertThat(follower.append(0, given, 7, 0, 0)).isTrue();
        assertThat(log.endOffset()).as("the last one is cut").isEqualTo(6);
        assertThat(follower.append(6, last, 7, 0, 0)).isTrue();
        assertThat(stored()).containsExactly("0 v0", "1 v1", "2 v2", "3 v3", "4 v4", "5 v5", "6 v6");
        assertThat(partition.highWatermark()).isEqualTo(7);
    }

    @Test
    void aDamagedMessageIsNotTakenOver() throws IOException {
        open(0, 0);
        FollowerLog follower = follower();
        ByteBuffer damaged = OldEntries.plain(1, record(1));
        damaged.put(damaged.limit() - 1, (byte) 'x');
        ByteBuffer given = joined(OldEntries.plain(1, record(0)), damaged);
        assertThatThrownBy(() -> follower.append(0, given, 2, 0, 0))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE));
        assertThat(log.endOffset()).isZero();
    }

    @Test
    void whereNoLeaderEpochTellsWhatTheLeaderHasTheLogIsCutToWhatIsCommitted() throws IOException {
        lay(OldEntries.plain(0, record(0)), OldEntries.plain(0, record(1)), OldEntries.plain(1, record(2)));
        open(3, 2);
        FollowerLog follower = follower();
        follower.cutUncommitted();
        assertThat(follower.position()).isEqualTo(new Position(0, 2, Position.NO_EPOCH));
    }

    @Test
    void whereALeaderEpochTellsItNothingIsCut() throws IOException {
        lay(OldEntries.plain(0, record(0)));
        open(1, 1);
        log.appendAsFollower(batch(1, 4), 0);
        FollowerLog follower = follower();
        follower.cutUncommitted();
        assertThat(follower.position()).isEqualTo(new Position(0, 2, 4));
    }

    @Test
    void aReplayHandsOutMessagesAndBatches() throws IOException {
        lay(
                OldEntries.plain(0, record(0)),
                OldEntries.gzipped(1, -1, List.of(record(1), record(2))),
                OldEntries.plain(1, record(3)));
        open(4, 4);
        log.appendAsFollower(batch(4, 0), 0);
        LocalReplicas.PartitionState state =
                new LocalReplicas.PartitionState(ID, Uuid.ZERO, 1, 0, List.of(1), 0, List.of(1), true);
        partition.lead(state, 1);
        List<Byte> magics = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        new LogReplay(
                        partition,
                        0,
                        world.newLoop("owner"),
                        Runnable::run,
                        one -> magics.add(RecordBatch.magic(one, one.position())),
                        failure -> ends.add(failure == null ? "done" : failure.toString()))
                .start();
        world.runUntilIdle();
        assertThat(ends).containsExactly("done");
        assertThat(magics).containsExactly((byte) 0, (byte) 1, (byte) 1, (byte) 2);
    }
}
