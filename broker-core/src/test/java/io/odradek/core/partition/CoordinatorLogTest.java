package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoordinatorLogTest {
    private final TestBroker broker = new TestBroker(2).topic("c", 1, Map.of(), List.of(1, 2));
    private final Partition partition = broker.partition("c", 0);
    private final PartitionOwner owner = broker.owners.ownerOf(partition.id());
    private final CoordinatorLog log =
            new CoordinatorLog(partition, 0, owner, broker.world.newLoop("log-io")::post, broker.world.clock());
    private final List<String> outcomes = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void anAppendIsCommittedWhenTheFollowerHasIt() {
        long end = log.append(batch(10));
        log.whenCommitted(end, this::remember);
        broker.world.runUntilIdle();
        assertThat(outcomes).isEmpty();
        TestReplicas.fetched(partition, 2, end);
        partition.announceChanges();
        assertThat(outcomes).containsExactly("committed");
        log.whenCommitted(end, this::remember);
        assertThat(outcomes).containsExactly("committed", "committed");
        assertThat(owner.purgatory().size()).isZero();
    }

    @Test
    void afterTheTermNothingIsAppendedAndWhoWaitsIsTold() {
        log.whenCommitted(log.append(batch(10)), this::remember);
        broker.elect(partition, 2, 1, List.of(1, 2));
        broker.elect(partition, TestBroker.ID, 2, List.of(1, 2));
        broker.world.runUntilIdle();
        assertThat(outcomes).containsExactly("NOT_LEADER_OR_FOLLOWER");
        assertThatThrownBy(() -> log.append(batch(10)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER));
    }

    @Test
    void anotherEpochOfTheSameLeaderIsTheSameTerm() {
        log.whenCommitted(log.append(batch(10)), this::remember);
        log.replay(
                bytes -> outcomes.add("batch"), failure -> outcomes.add(failure == null ? "done" : failure.toString()));
        broker.leadWithIsr(partition, 1, List.of(1), List.of(1, 2));
        broker.world.runUntilIdle();
        assertThat(outcomes).as("the follower that died holds up nobody").contains("committed", "batch", "done");
        assertThat(log.append(batch(10))).isEqualTo(2);
    }

    @Test
    void aBatchBeyondTheLargestMessageIsRefused() {
        assertThatThrownBy(() -> log.append(batch(2 << 20)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
    }

    @Test
    void aReplayHandsOutEveryBatchInOrderThroughManyChunks() {
        for (int i = 0; i < 50; i++) {
            log.append(batch(100_000));
        }
        List<Long> offsets = new ArrayList<>();
        log.replay(
                bytes -> offsets.add(RecordBatch.baseOffset(bytes, bytes.position())),
                failure -> outcomes.add(failure == null ? "done" : failure.toString()));
        broker.world.runUntilIdle();
        assertThat(outcomes).containsExactly("done");
        assertThat(offsets).hasSize(50).isSorted().startsWith(0L).endsWith(49L);
    }

    @Test
    void bytesThatCannotBeReadEndTheReplayAndTheNextOneReadsThem() {
        for (int i = 0; i < 50; i++) {
            log.append(batch(100_000));
        }
        // The first operation looks the slice up, which is the log's matter; the second reads its bytes.
        broker.files.failOperation(2);
        log.replay(
                bytes -> outcomes.add("batch"),
                failure -> outcomes.add(failure.getClass().getSimpleName()));
        broker.world.runUntilIdle();
        assertThat(outcomes).containsExactly("IOException");
        assertThat(partition.role()).isInstanceOf(ReplicaRole.Leading.class);
        List<Long> offsets = new ArrayList<>();
        log.replay(
                bytes -> offsets.add(RecordBatch.baseOffset(bytes, bytes.position())),
                failure -> outcomes.add(failure == null ? "done" : failure.toString()));
        broker.world.runUntilIdle();
        assertThat(outcomes).containsExactly("IOException", "done");
        assertThat(offsets).hasSize(50);
    }

    @Test
    void aReplayOfAnEmptyLogIsDone() {
        log.replay(bytes -> outcomes.add("batch"), failure -> outcomes.add("done"));
        broker.world.runUntilIdle();
        assertThat(outcomes).containsExactly("done");
    }

    private void remember(ApiException failure) {
        outcomes.add(failure == null ? "committed" : failure.error().name());
    }

    private static ByteBuffer batch(int valueBytes) {
        return new BatchBuilder(valueBytes + 1000)
                .append(1000, null, ByteBuffer.allocate(valueBytes))
                .build();
    }
}
