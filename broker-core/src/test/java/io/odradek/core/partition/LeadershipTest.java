package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
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

/** What a replica makes of being elected, again and with more or fewer others. */
class LeadershipTest {
    private static final TopicPartition ID = new TopicPartition("events", 0);

    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final List<String> events = new ArrayList<>();
    private Log log;

    @AfterEach
    void close() throws IOException {
        log.close();
        disk.close();
    }

    private Partition partition(Map<String, String> settings) throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context = new LogContext(
                disk,
                world.clock(),
                world.newRandoms("log"),
                LogEvents.IMMEDIATE,
                LogContext.ProducerLimits.standard());
        log = Log.open(
                context,
                LogOpening.create(Path.of("/data", ID.toString()), ID, Uuid.ZERO),
                LogConfig.of(Map.of(), settings));
        LeadershipListener listener = new LeadershipListener() {
            @Override
            public void elected(Partition partition) {
                events.add("elected " + partition.role().leaderEpoch());
            }

            @Override
            public void resigned(Partition partition) {
                events.add("resigned before " + partition.role().leaderEpoch());
            }
        };
        return new Partition(ID, Uuid.ZERO, log, 0, RecordLimits.DEFAULTS, listener, (failed, cause) -> {});
    }

    private static void elect(Partition partition, int epoch, List<Integer> isr, List<Integer> replicas) {
        partition.lead(new PartitionState(ID, Uuid.ZERO, 1, epoch, isr, 0, replicas, false), 1);
    }

    private static void append(Partition partition, int acks) {
        LeaderLog.append(
                partition,
                new BatchBuilder(1000)
                        .append(1000, null, ByteBuffer.allocate(10))
                        .build(),
                (short) acks,
                0);
    }

    @Test
    void aLeaderThatLeadsOnInANewerEpochFailsNobodyWhoWaits() throws IOException {
        Partition partition = partition(Map.of());
        elect(partition, 3, List.of(1, 2), List.of(1, 2));
        append(partition, -1);
        TestReplicas.fetched(partition, 2, 1);
        append(partition, -1);
        assertThat(LeaderLog.committed(partition, 2, 3)).isNull();
        elect(partition, 4, List.of(1, 2), List.of(1, 2));
        assertThat(events).containsExactly("elected 3");
        Leading leading = (Leading) partition.role();
        assertThat(leading.leaderEpoch()).isEqualTo(4);
        assertThat(leading.epochStartOffset()).isEqualTo(2);
        assertThat(LeaderLog.committed(partition, 2, 3)).isNull();
        assertThat(partition.highWatermark())
                .as("what the follower has is not known yet")
                .isEqualTo(1);
        append(partition, 1);
        assertThat(log.latestEpoch()).isEqualTo(4);
        elect(partition, 5, List.of(1), List.of(1, 2));
        assertThat(LeaderLog.committed(partition, 2, 3)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aFenceIsABreakAfterWhichATermBeginsAnew() throws IOException {
        Partition partition = partition(Map.of());
        elect(partition, 3, List.of(1, 2), List.of(1, 2));
        append(partition, -1);
        partition.fence();
        elect(partition, 4, List.of(1), List.of(1, 2));
        assertThat(events).containsExactly("elected 3", "resigned before 3", "elected 4");
        assertThat(LeaderLog.committed(partition, 1, 3)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void aChangeWithinAnEpochIsNoElection() throws IOException {
        Partition partition = partition(Map.of());
        elect(partition, 3, List.of(1, 2), List.of(1, 2));
        append(partition, -1);
        elect(partition, 3, List.of(1), List.of(1, 2));
        assertThat(events).containsExactly("elected 3");
        assertThat(((Leading) partition.role()).epochStartOffset()).isZero();
        assertThat(LeaderLog.committed(partition, 1, 3)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void asManyReplicasAsThereAreSufficeWhereMoreAreAskedFor() throws IOException {
        Partition partition = partition(Map.of("min.insync.replicas", "3"));
        elect(partition, 0, List.of(1), List.of(1));
        append(partition, -1);
        assertThat(LeaderLog.committed(partition, 1, 0)).isEqualTo(ErrorCode.NONE);
        elect(partition, 1, List.of(1), List.of(1, 2));
        assertThatThrownBy(() -> append(partition, -1))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS));
        elect(partition, 1, List.of(1, 2), List.of(1, 2));
        append(partition, -1);
    }
}
