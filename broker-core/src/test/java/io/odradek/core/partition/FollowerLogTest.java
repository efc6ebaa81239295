package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.core.partition.ReplicaRole.Offline;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.Log.EpochEndOffset;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Broker 1 follows broker 2 in leader epoch 5. */
class FollowerLogTest {
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final List<Long> savedRecoveryPoints = new ArrayList<>();
    private final List<Log> forcesDue = new ArrayList<>();
    private Log log;
    private Partition partition;

    @AfterEach
    void close() throws IOException {
        if (!(partition.role() instanceof Offline)) {
            log.close();
            disk.close();
        }
    }

    private FollowerLog follower(Map<String, String> settings) {
        return follower(LogOpening.create(Path.of("/data", ID.toString()), ID, Uuid.ZERO), settings);
    }

    private FollowerLog follower(LogOpening opening, Map<String, String> settings) {
        SimulatedWorld world = new SimulatedWorld(1);
        LogEvents events = new LogEvents() {
            @Override
            public void truncated(Log cut) {
                savedRecoveryPoints.add(cut.recoveryPoint());
            }

            @Override
            public void forceDue(Log due) {
                forcesDue.add(due);
            }
        };
        LogContext context = new LogContext(
                disk, world.clock(), world.newRandoms("log"), events, LogContext.ProducerLimits.standard());
        try {
            log = Log.open(context, opening, LogConfig.of(Map.of(), settings));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        partition = new Partition(
                ID, Uuid.ZERO, log, 0, RecordLimits.DEFAULTS, LeadershipListener.NONE, (failed, cause) -> {});
        partition.follow(5, 2);
        return partition.followerLog(5);
    }

    /** One batch as a leader has stored it. */
    private static ByteBuffer batch(long baseOffset, int leaderEpoch, int records) {
        BatchBuilder batch = new BatchBuilder(1 << 16);
        for (int i = 0; i < records; i++) {
            batch.append(1000, null, ByteBuffer.allocate(10));
        }
        ByteBuffer built = batch.build();
        RecordBatch.setBaseOffset(built, built.position(), baseOffset);
        RecordBatch.setLeaderEpoch(built, built.position(), leaderEpoch);
        return built;
    }

    private static ByteBuffer joined(ByteBuffer... parts) {
        ByteBuffer all = ByteBuffer.allocate(1 << 16);
        for (ByteBuffer part : parts) {
            all.put(part.duplicate());
        }
        return all.flip();
    }

    @Test
    void whatTheLeaderHasIsAppendedAsItIsAndTheHighWatermarkIsTheLeadersAsFarAsTheLogGoes() {
        FollowerLog follower = follower(Map.of());
        assertThat(follower.append(0, joined(batch(0, 3, 2), batch(2, 4, 3)), 9, 0, 0))
                .isTrue();
        assertThat(follower.position()).isEqualTo(new Position(0, 5, 4));
        assertThat(partition.highWatermark()).isEqualTo(5);
        follower.append(5, batch(5, 4, 5), 7, 0, 0);
        assertThat(partition.highWatermark()).isEqualTo(7);
        follower.append(10, ByteBuffer.allocate(0), 6, 0, 0);
        assertThat(partition.highWatermark()).as("never back").isEqualTo(7);
        assertThat(log.highWatermark()).isEqualTo(7);
    }

    @Test
    void aBatchThatIsCutOffAtTheEndComesAgainAndOneThatIsKnownIsPassedOver() {
        FollowerLog follower = follower(Map.of());
        ByteBuffer both = joined(batch(0, 3, 2), batch(2, 3, 3));
        both.limit(both.limit() - 1);
        follower.append(0, both, 0, 0, 0);
        assertThat(log.endOffset()).isEqualTo(2);
        follower.append(2, joined(batch(0, 3, 2), batch(2, 3, 3)), 0, 0, 0);
        assertThat(log.endOffset()).isEqualTo(5);
    }

    @Test
    void anAnswerToAFetchFromElsewhereIsPassedOver() {
        FollowerLog follower = follower(Map.of());
        follower.append(0, batch(0, 3, 5), 5, 0, 0);
        assertThat(follower.append(3, batch(7, 3, 2), 9, 0, 0))
                .as("it has to be told again")
                .isFalse();
        assertThat(follower.position()).isEqualTo(new Position(0, 5, 3));
        assertThat(partition.highWatermark()).isEqualTo(5);
    }

    @Test
    void aDamagedBatchIsNotStored() {
        FollowerLog follower = follower(Map.of());
        ByteBuffer damaged = batch(2, 3, 2);
        damaged.put(damaged.limit() - 1, (byte) 0x55);
        assertThatThrownBy(() -> follower.append(0, joined(batch(0, 3, 2), damaged), 4, 0, 0))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE));
        assertThat(log.endOffset()).isZero();
        ByteBuffer nonsense = ByteBuffer.allocate(100);
        assertThatThrownBy(() -> follower.append(0, nonsense, 4, 0, 0)).isInstanceOf(ApiException.class);
        assertThat(partition.role()).isInstanceOf(Following.class);
    }

    @Test
    void theStartFollowsTheLeadersUpToTheHighWatermark() {
        FollowerLog follower = follower(Map.of());
        follower.append(0, batch(0, 3, 5), 3, 2, 0);
        assertThat(log.startOffset()).isEqualTo(2);
        follower.append(5, ByteBuffer.allocate(0), 3, 4, 0);
        assertThat(log.startOffset()).as("beyond what is known to be committed").isEqualTo(2);
    }

    @Test
    void aCutTakesTheHighWatermarkBackAndSavesTheRecoveryPointBeforeAnythingIsAppended() throws IOException {
        FollowerLog follower = follower(Map.of());
        follower.append(0, joined(batch(0, 3, 2), batch(2, 4, 3)), 5, 0, 0);
        log.flush();
        follower.truncateAt(new EpochEndOffset(3, 2));
        assertThat(follower.position()).isEqualTo(new Position(0, 2, 3));
        assertThat(partition.highWatermark()).isEqualTo(2);
        assertThat(savedRecoveryPoints).containsExactly(2L);
    }

    @Test
    void anEpochInWhichThisReplicaLedWithoutARecordIsNotItsLogsLast() throws IOException {
        FollowerLog before = follower(Map.of());
        before.append(0, batch(0, 3, 2), 2, 0, 0);
        log.beginEpoch(4);
        assertThat(before.position().lastEpoch())
                .as("the next leader need not know epoch 4, and would have this log cut for ever")
                .isEqualTo(3);
    }

    @Test
    void aLogThatFellBehindBeginsAnew() {
        FollowerLog follower = follower(Map.of());
        follower.append(0, batch(0, 3, 2), 2, 0, 0);
        follower.startAt(100);
        assertThat(follower.position()).isEqualTo(new Position(100, 100, -1));
        assertThat(partition.highWatermark()).isEqualTo(100);
        follower.append(100, batch(100, 4, 2), 101, 100, 0);
        assertThat(follower.position()).isEqualTo(new Position(100, 102, 4));
    }

    @Test
    void aLogThatEndsInsideOfTheBatchThatTheLeadersBeginsInIsCutToBeginAnew() {
        FollowerLog follower = follower(Map.of());
        follower.append(0, joined(batch(0, 3, 10), batch(10, 3, 2)), 10, 0, 0);
        // The leader has deleted up to 12, in the middle of a batch, and knows no more what was before it.
        ByteBuffer leaders = joined(batch(10, 4, 5), batch(15, 4, 2));
        assertThat(follower.append(12, leaders, 17, 12, 0)).isFalse();
        assertThat(follower.position()).isEqualTo(new Position(0, 10, 3));
        follower.startAt(12);
        assertThat(follower.position()).isEqualTo(new Position(12, 12, -1));
        assertThat(follower.append(12, leaders, 17, 12, 0)).isTrue();
        assertThat(follower.position()).isEqualTo(new Position(12, 17, 4));
        assertThat(partition.highWatermark()).isEqualTo(17);
    }

    @Test
    void whatIsToBeForcedIsToldToTheLeaderOnceItIs() throws IOException {
        FollowerLog follower = follower(Map.of("flush.messages", "1"));
        follower.append(0, batch(0, 3, 2), 2, 0, 0);
        int[] told = {0};
        follower.whenForced(() -> told[0]++);
        assertThat(forcesDue).hasSize(1);
        assertThat(told[0]).isZero();
        log.flush();
        log.forceEnded();
        assertThat(told[0]).isEqualTo(1);
        follower.whenForced(() -> told[0]++);
        assertThat(told[0]).as("there is nothing to wait for").isEqualTo(2);
    }

    @Test
    void whoWaitsForAForceIsNotForgottenWhenTheRoleChanges() throws IOException {
        FollowerLog follower = follower(Map.of("flush.messages", "1"));
        follower.append(0, batch(0, 3, 2), 2, 0, 0);
        int[] told = {0};
        follower.whenForced(() -> told[0]++);
        partition.follow(6, 3);
        assertThat(told[0]).isEqualTo(1);
    }

    @Test
    void aFullDiskIsToldAndAFailedOneTakesTheReplicaOutOfService() {
        FollowerLog follower = follower(Map.of());
        disk.diskFullAfter(0);
        assertThatThrownBy(() -> follower.append(0, batch(0, 3, 2), 2, 0, 0))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR));
        assertThat(partition.role()).isEqualTo(new Following(5, 2));
        disk.freeSpace();
        follower.append(0, batch(0, 3, 2), 2, 0, 0);
        assertThat(log.endOffset()).isEqualTo(2);
        disk.failOperation(1);
        assertThatThrownBy(() -> follower.append(2, batch(2, 3, 2), 2, 0, 0)).isInstanceOf(ApiException.class);
        assertThat(partition.role()).isInstanceOf(Offline.class);
        assertThat(partition.followerLog(5)).isNull();
    }

    @Test
    void aCutThatFindsNoRoomIsWaitedForByNobodyAndTheCopyGoesOn() throws IOException {
        follower(Map.of()).append(0, joined(batch(0, 3, 2), batch(2, 4, 3)), 5, 0, 0);
        log.flush();
        log.close();
        FollowerLog restarted = follower(new LogOpening(log.folder(), ID, Uuid.ZERO, true, 5, 0), Map.of());
        disk.diskFullAfter(0);
        assertThatThrownBy(() -> restarted.truncateTo(2)).isInstanceOf(ApiException.class);
        int[] told = {0};
        restarted.whenForced(() -> told[0]++);
        assertThat(told[0]).isEqualTo(1);
        disk.freeSpace();
        restarted.append(2, batch(2, 5, 2), 4, 0, 0);
        assertThat(restarted.position()).isEqualTo(new Position(0, 4, 5));
    }

    @Test
    void aLogThatHasFailedIsWaitedForByNobody() {
        FollowerLog follower = follower(Map.of("flush.messages", "1"));
        follower.append(0, batch(0, 3, 2), 2, 0, 0);
        disk.failOperation(1);
        assertThatThrownBy(() -> follower.truncateTo(1)).isInstanceOf(ApiException.class);
        assertThat(partition.role()).isInstanceOf(Offline.class);
        int[] told = {0};
        follower.whenForced(() -> told[0]++);
        assertThat(told[0]).isEqualTo(1);
    }

    @Test
    void inAnotherEpochOrAsALeaderThereIsNoFollowersLog() {
        follower(Map.of());
        assertThat(partition.followerLog(4)).isNull();
        partition.follow(6, 3);
        assertThat(partition.followerLog(5)).isNull();
        assertThat(partition.followerLog(6)).isNotNull();
    }
}
