package io.odradek.core.markers;

import static io.odradek.core.markers.MarkersBed.T0;
import static io.odradek.core.markers.MarkersBed.marker;
import static io.odradek.core.markers.MarkersBed.raising;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MarkerWriterTest {
    private static final int OTHER = 2;

    private final MarkersBed bed = new MarkersBed();

    private Partition alone() {
        return bed.broker.topic("t", 1, Map.of()).partition("t", 0);
    }

    private Partition replicated() {
        return bed.broker.topic("t", 1, Map.of(), List.of(TestBroker.ID, OTHER)).partition("t", 0);
    }

    @AfterEach
    void close() throws IOException {
        bed.broker.close();
    }

    @Test
    void theLastStableOffsetPassesATransactionWhoseMarkerIsWritten() {
        Partition partition = alone();
        bed.produce(partition, 0, 0);
        assertThat(partition.lastStableOffset()).isZero();

        bed.write(T0, marker(Type.COMMIT, 0, 3));

        assertThat(bed.outcomes).containsExactly(ErrorCode.NONE);
        assertThat(bed.served).isEqualTo(1);
        assertThat(partition.log().endOffset()).isEqualTo(2);
        assertThat(partition.lastStableOffset()).isEqualTo(2);
    }

    @Test
    void nobodyIsToldAndNothingIsStableBeforeTheReplicasHaveTheMarker() {
        Partition partition = replicated();
        bed.produce(partition, 0, 0);

        bed.write(T0, marker(Type.COMMIT, 0, 3));
        assertThat(bed.outcomes).isEmpty();
        assertThat(bed.served).as("it waits, and is in no queue").isEqualTo(1);
        assertThat(partition.lastStableOffset()).isZero();

        bed.broker.leadWithIsr(partition, 1, List.of(TestBroker.ID), List.of(TestBroker.ID, OTHER));
        bed.broker.world.runUntilIdle();
        assertThat(bed.outcomes).as("no other is in sync any more").containsExactly(ErrorCode.NONE);
        assertThat(partition.lastStableOffset()).isEqualTo(2);
    }

    @Test
    void aMarkerThatTheReplicasDoNotFollowIsToBeTriedAgain() {
        replicated();
        bed.write(T0, marker(Type.ABORT, 0, 3));
        bed.broker.world.advanceMs(MarkersBed.TIMEOUT_MS + 1);
        assertThat(bed.outcomes).containsExactly(ErrorCode.REQUEST_TIMED_OUT);
    }

    @Test
    void aMarkerOfACoordinatorThatIsNoneAnyMoreIsRefused() {
        Partition partition = alone();
        bed.produce(partition, 0, 0);
        bed.write(T0, marker(Type.COMMIT, 0, 3));
        bed.produce(partition, 0, 1);

        bed.write(T0, marker(Type.ABORT, 0, 2));

        assertThat(bed.outcomes).containsExactly(ErrorCode.NONE, ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        assertThat(partition.lastStableOffset())
                .as("the next transaction is open")
                .isEqualTo(2);
    }

    @Test
    void aMarkerOfAnEpochThatHasBeenFencedIsRefused() {
        Partition partition = alone();
        bed.produce(partition, 4, 0);
        bed.write(T0, marker(Type.ABORT, 3, 3));
        assertThat(bed.outcomes).containsExactly(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void aMarkerThatIsRepeatedLateDoesNotEndTheNextTransaction() {
        Partition partition = alone();
        bed.produce(partition, 0, 0);
        bed.write(T0, raising(Type.COMMIT, 1, 3));
        bed.write(T0, raising(Type.COMMIT, 1, 3));
        bed.produce(partition, 1, 0);

        bed.write(T0, raising(Type.COMMIT, 1, 3));

        assertThat(bed.outcomes).containsExactly(ErrorCode.NONE, ErrorCode.NONE, ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(bed.served).isEqualTo(3);
        assertThat(partition.lastStableOffset())
                .as("the next transaction is open")
                .isEqualTo(3);
        bed.write(T0, raising(Type.COMMIT, 2, 3));
        assertThat(partition.lastStableOffset()).isEqualTo(5);
    }

    @Test
    void norInAPartitionThatACoordinatorKeeps() {
        Partition partition =
                bed.broker.topic("__consumer_offsets", 1, Map.of()).partition("__consumer_offsets", 0);
        bed.produce(partition, 1, 0);
        bed.write(partition.id(), raising(Type.COMMIT, 1, 3));
        assertThat(bed.outcomes).containsExactly(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(bed.keptByCoordinator).isEmpty();
        assertThat(bed.served).isEqualTo(1);
    }

    @Test
    void aMarkerDoesNotOvertakeRecordsThatAreStillChecked() {
        Partition partition = alone();
        partition.appendOrder().hold();
        bed.write(T0, marker(Type.COMMIT, 0, 3));
        assertThat(bed.outcomes).isEmpty();
        assertThat(bed.served).as("it stands in a queue").isZero();

        bed.produce(partition, 0, 0);
        partition.appendOrder().release();
        bed.broker.world.runUntilIdle();

        assertThat(bed.outcomes).containsExactly(ErrorCode.NONE);
        assertThat(bed.served).isEqualTo(1);
        assertThat(partition.lastStableOffset()).isEqualTo(2);
    }

    @Test
    void aMarkerThatNobodyWaitsForIsNotWritten() {
        Partition partition = alone();
        bed.unwanted = true;
        bed.write(T0, marker(Type.COMMIT, 0, 3));
        assertThat(bed.outcomes).containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(bed.served).isEqualTo(1);
        assertThat(partition.log().endOffset()).isZero();
    }

    @Test
    void partitionsThatAreNotHereAreNamed() {
        Partition partition = alone();
        bed.write(new TopicPartition("t", 1), marker(Type.COMMIT, 0, 3));
        bed.write(new TopicPartition("t", -1), marker(Type.COMMIT, 0, 3));
        bed.broker.elect(partition, OTHER, 1, List.of(OTHER));
        bed.write(T0, marker(Type.COMMIT, 0, 3));
        assertThat(bed.outcomes)
                .containsExactly(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(bed.served).isEqualTo(3);
    }

    @Test
    void aPartitionThatACoordinatorKeepsIsWrittenThroughIt() {
        TopicPartition offsets = new TopicPartition("__consumer_offsets", 4);
        bed.write(offsets, marker(Type.COMMIT, 0, 3));
        assertThat(bed.keptByCoordinator).containsExactly(offsets);
        assertThat(bed.outcomes).as("to be tried again").containsExactly(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(bed.served).isEqualTo(1);
    }

    @Test
    void whoeverBringsAMarkerWritesItWhereTheOwnerIsIdleSoThatNoThreadIsWokenForIt() throws IOException {
        List<Runnable> posted = new ArrayList<>();
        OwnerLoop idle = new OwnerLoop() {
            @Override
            public void execute(Runnable task) {
                task.run();
            }

            @Override
            public void post(Runnable task) {
                posted.add(task);
            }

            @Override
            public Timeout schedule(long delayMs, Runnable task) {
                return () -> {};
            }

            @Override
            public boolean inLoop() {
                return true;
            }
        };
        List<ErrorCode> outcomes = new ArrayList<>();
        try (TestBroker broker = new TestBroker(bed.broker.world, List.of(idle))) {
            Partition partition = broker.topic("t", 1, Map.of()).partition("t", 0);
            MarkerWriter writer = new MarkerWriter(
                    broker.owners, (id, marker, settled, done) -> false, broker.world.clock(), MarkersBed.TIMEOUT_MS);
            new LocalWay(writer).write(T0, marker(Type.COMMIT, 0, 3), () -> false, outcomes::add);
            assertThat(outcomes).containsExactly(ErrorCode.NONE);
            assertThat(partition.log().endOffset()).isEqualTo(1);
            assertThat(posted).as("readers are woken afterwards").hasSize(1);
        }
    }
}
