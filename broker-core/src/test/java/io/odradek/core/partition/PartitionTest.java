package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.storage.log.Log.EpochEndOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionTest {
    private static final short ALL = -1;

    private final TestBroker broker = new TestBroker(1);

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    private Partition partition(Map<String, String> config, Integer... replicas) {
        broker.topic("a", 1, config, List.of(replicas));
        return broker.partition("a", 0);
    }

    private static void append(Partition partition, int records) {
        BatchBuilder batch = new BatchBuilder(1 << 20);
        for (int i = 0; i < records; i++) {
            batch.append(1000, null, ByteBuffer.allocate(10));
        }
        LeaderLog.append(partition, batch.build(), ALL, 1000);
    }

    private static PartitionState elected(int leaderEpoch, Integer... isr) {
        TopicPartition id = new TopicPartition("a", 0);
        return new PartitionState(
                id, TestBroker.topicId("a"), TestBroker.ID, leaderEpoch, List.of(isr), 0, List.of(1, 2), false);
    }

    @Test
    void aFollowerThatClaimsMoreThanTheLeaderHasIsNotBelieved() {
        Partition partition = partition(Map.of(), 1, 2);
        append(partition, 5);
        TestReplicas.fetched(partition, 2, 3);
        TestReplicas.fetched(partition, 2, 9);
        assertThat(partition.highWatermark()).isEqualTo(3);
        append(partition, 4);
        assertThat(partition.highWatermark())
                .as("the follower has nothing of that")
                .isEqualTo(3);
        TestReplicas.fetched(partition, 2, 9);
        assertThat(partition.highWatermark()).isEqualTo(9);
    }

    @Test
    void aHighWatermarkFromTheCheckpointIsCutToWhatTheLogHas() throws IOException {
        Partition first = partition(Map.of(), 1);
        append(first, 5);
        Partition again = new Partition(
                first.id(),
                first.topicId(),
                first.log(),
                100,
                RecordLimits.DEFAULTS,
                LeadershipListener.NONE,
                (failed, cause) -> {});
        assertThat(again.highWatermark()).isEqualTo(5);
        assertThat(first.log().highWatermark()).isEqualTo(5);
    }

    @Test
    void aLeaderThatLeadsOnInANewerEpochKnowsItsFollowersAnewAndCommitsWhatItHasAppended() {
        Partition first = partition(Map.of(), 1, 2);
        append(first, 5);
        List<String> told = new ArrayList<>();
        Partition partition = new Partition(
                first.id(),
                first.topicId(),
                first.log(),
                0,
                RecordLimits.DEFAULTS,
                new LeadershipListener() {
                    @Override
                    public void elected(Partition elected) {
                        told.add("elected " + elected.role().leaderEpoch());
                    }

                    @Override
                    public void resigned(Partition resigned) {
                        told.add("resigned");
                    }
                },
                (failed, cause) -> {});
        partition.lead(elected(1, 1, 2), TestBroker.ID);
        TestReplicas.fetched(partition, 2, 2);
        assertThat(partition.highWatermark()).isEqualTo(2);
        partition.lead(elected(1, 1, 2), TestBroker.ID);
        assertThat(told).as("another ISR is no other term").containsExactly("elected 1");
        partition.lead(elected(3, 1, 2), TestBroker.ID);
        assertThat(told).as("nor is another epoch of the same leader").containsExactly("elected 1");
        assertThat(partition.requireLeader(3).epochStartOffset()).isEqualTo(5);
        append(partition, 1);
        assertThat(partition.highWatermark())
                .as("what followers had is not known any more")
                .isEqualTo(2);
        assertThat(LeaderLog.committed(partition, 3, 1))
                .as("who waits, waits on")
                .isNull();
        TestReplicas.fetched(partition, 2, 6);
        assertThat(LeaderLog.committed(partition, 3, 1)).isEqualTo(ErrorCode.NONE);
        partition.follow(4, 2);
        partition.lead(elected(5, 1, 2), TestBroker.ID);
        assertThat(told).containsExactly("elected 1", "resigned", "elected 5");
        assertThat(LeaderLog.committed(partition, 3, 1))
                .as("another may have cut the log meanwhile")
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(LeaderLog.forced(partition, 0, 3)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void noMoreReplicasNeedToBeInSyncThanThereAre() {
        Partition partition = partition(Map.of("min.insync.replicas", "3"), 1, 2);
        append(partition, 1);
        partition.lead(elected(0, 1), TestBroker.ID);
        assertThatThrownBy(() -> append(partition, 1))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS));
    }

    @Test
    void aLeaderKnowsItsEpochBeforeItHasAppendedAnything() {
        Partition partition = partition(Map.of(), 1);
        assertThat(LeaderLog.endOffsetOfEpoch(partition, 0)).isEqualTo(new EpochEndOffset(0, 0));
        assertThat(LeaderLog.endOffsetOfEpoch(partition, 1)).isEqualTo(new EpochEndOffset(-1, -1));
        append(partition, 5);
        partition.lead(elected(4, 1), TestBroker.ID);
        assertThat(LeaderLog.endOffsetOfEpoch(partition, 0)).isEqualTo(new EpochEndOffset(0, 5));
        assertThat(LeaderLog.endOffsetOfEpoch(partition, 3)).isEqualTo(new EpochEndOffset(0, 5));
        assertThat(LeaderLog.endOffsetOfEpoch(partition, 4)).isEqualTo(new EpochEndOffset(4, 5));
        assertThat(LeaderLog.endOffsetOfEpoch(partition, 5)).isEqualTo(new EpochEndOffset(-1, -1));
    }
}
