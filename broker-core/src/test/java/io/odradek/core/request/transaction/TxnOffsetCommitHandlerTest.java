package io.odradek.core.request.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.MemoryPartitionLog;
import io.odradek.core.coordinator.group.GroupCoordinator;
import io.odradek.core.coordinator.group.GroupSettings;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.core.request.group.RecordingContext;
import io.odradek.core.verification.TransactionQuestion;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.api.TxnOffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.protocol.wire.WireWriter;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TxnOffsetCommitHandlerTest {
    private static final TopicPartition GROUPS = new TopicPartition("__consumer_offsets", 0);

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final MemoryPartitionLog log = new MemoryPartitionLog(0);
    private final List<TransactionQuestion> questions = new ArrayList<>();
    private final GroupCoordinator groups = new GroupCoordinator(
            world.clock(),
            world.newRandoms("groups"),
            GroupSettings.DEFAULTS,
            TxnOffsetCommitHandlerTest::image,
            new MemoryShare("none", 1L << 40));
    private ErrorCode ofTransaction = ErrorCode.NONE;

    @BeforeEach
    void elect() {
        groups.elected(0, new SimulatedOwnerLoop(world.newLoop("owner")), log);
        world.runUntilIdle();
    }

    private static MetadataImage image() {
        TreeMap<String, TopicInfo> topics = new TreeMap<>();
        for (String name : List.of(GROUPS.topic(), "t")) {
            PartitionInfo led = new PartitionInfo(1, 0, List.of(1), List.of(1));
            topics.put(name, new TopicInfo(name, Uuid.ZERO, List.of(led), Map.of()));
        }
        return new MetadataImage("cluster", 1, new TreeMap<>(), topics, Map.of());
    }

    private ErrorCode commit(int version) {
        return commit(version, true, 0);
    }

    private ErrorCode commit(int version, boolean verifies, int partition) {
        TxnOffsetCommitHandler handler = new TxnOffsetCommitHandler(
                groups,
                (question, reply) -> {
                    questions.add(question);
                    reply.accept(new TreeMap<>(Map.of(GROUPS, ofTransaction)));
                },
                TxnOffsetCommitHandlerTest::image,
                () -> verifies);
        RecordingContext context = new RecordingContext(ApiKey.TXN_OFFSET_COMMIT.key(), version);
        var position = new TxnOffsetCommitRequestPartition(partition, 42, 3, "note");
        handler.handle(
                new TxnOffsetCommitRequest(
                        "id",
                        "group",
                        7,
                        (short) 2,
                        -1,
                        "",
                        null,
                        List.of(new TxnOffsetCommitRequestTopic("t", Uuid.ZERO, List.of(position)))),
                context);
        world.runUntilIdle();
        assertThat(context.isInWork()).isFalse();
        ApiCodecs.writeResponse(context.response(), (short) version, WireWriter.heap(256));
        return ((TxnOffsetCommitResponse) context.response())
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
    }

    @Test
    void aPositionIsStoredInTheTransactionThatHasTheGroupsPartition() {
        assertThat(commit(3)).isEqualTo(ErrorCode.NONE);
        assertThat(questions)
                .containsExactly(new TransactionQuestion("id", 7, (short) 2, new TreeSet<>(List.of(GROUPS)), false));
        assertThat(log.batches()).hasSize(1);
        assertThat(RecordBatch.isTransactional(log.batches().get(0), 0)).isTrue();
        assertThat(RecordBatch.producerId(log.batches().get(0), 0)).isEqualTo(7);
    }

    @Test
    void fromVersionFiveOnTheGroupsPartitionIsAdded() {
        assertThat(commit(4)).isEqualTo(ErrorCode.NONE);
        assertThat(commit(5)).isEqualTo(ErrorCode.NONE);
        assertThat(questions).extracting(TransactionQuestion::adds).containsExactly(false, true);
    }

    @Test
    void withoutVerificationNobodyIsAskedUnlessItIsToBeAdded() {
        assertThat(commit(4, false, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(questions).isEmpty();
        assertThat(commit(5, false, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(questions).hasSize(1);
    }

    @Test
    void whatTheTransactionsCoordinatorSaysIsToldInTheClientsWords() {
        ofTransaction = ErrorCode.TRANSACTION_ABORTABLE;
        assertThat(commit(4)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(commit(3)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        ofTransaction = ErrorCode.PRODUCER_FENCED;
        assertThat(commit(5)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        for (ErrorCode later : List.of(
                ErrorCode.NOT_COORDINATOR,
                ErrorCode.NETWORK_EXCEPTION,
                ErrorCode.CONCURRENT_TRANSACTIONS,
                ErrorCode.COORDINATOR_NOT_AVAILABLE)) {
            ofTransaction = later;
            assertThat(commit(2)).as(later.name()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            assertThat(commit(1)).as(later.name()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        }
        assertThat(log.batches()).isEmpty();
    }

    @Test
    void partitionsThatDoNotExistHaveNoPositions() {
        assertThat(commit(3, true, 9)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
