package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.api.TxnOffsetCommitRequest;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.odradek.protocol.api.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The requests of transactional clients, in the versions of those that speak transactions v2 and of those that do not (KIP-890). */
final class TransactionRequests {
    static final int ADD_PARTITIONS_VERSION = 3;
    static final int ADD_OFFSETS_VERSION = 3;

    private static final byte READ_COMMITTED = 1;
    private static final int PRODUCE_TIMEOUT_MS = 5_000;
    private static final int LARGEST_FETCH_BYTES = 1 << 14;

    private TransactionRequests() {}

    static int produceVersion(boolean second) {
        return second ? 12 : 11;
    }

    static int endVersion(boolean second) {
        return second ? 5 : 3;
    }

    static int initVersion(boolean second) {
        return second ? 5 : 4;
    }

    static int commitOffsetsVersion(boolean second) {
        return second ? 5 : 3;
    }

    static AddPartitionsToTxnRequest add(
            String transactionalId, long producerId, short epoch, Collection<TopicPartition> partitions) {
        List<AddPartitionsToTxnTopic> topics = new ArrayList<>();
        partitions.forEach(id -> topics.add(new AddPartitionsToTxnTopic(id.topic(), List.of(id.partition()))));
        return new AddPartitionsToTxnRequest(List.of(), transactionalId, producerId, epoch, topics);
    }

    static ProduceRequest produce(String transactionalId, Map<TopicPartition, ByteBuffer> batches) {
        List<ProduceRequest.TopicProduceData> topics = new ArrayList<>();
        batches.forEach((id, batch) -> topics.add(new ProduceRequest.TopicProduceData(
                id.topic(),
                List.of(new ProduceRequest.PartitionProduceData(id.partition(), new BytesPayload(batch))))));
        return new ProduceRequest(transactionalId, (short) -1, PRODUCE_TIMEOUT_MS, topics);
    }

    /** For what is committed alone. */
    static FetchRequest fetch(Uuid topicId, int partition, int leaderEpoch, long offset, int maxWaitMs) {
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                maxWaitMs,
                1,
                LARGEST_FETCH_BYTES,
                READ_COMMITTED,
                0,
                -1,
                List.of(new FetchRequest.FetchTopic(
                        null,
                        topicId,
                        List.of(new FetchRequest.FetchPartition(
                                partition, leaderEpoch, offset, -1, -1, LARGEST_FETCH_BYTES, Uuid.ZERO)))),
                List.of(),
                "");
    }

    /** Positions that count, which none is that an open transaction may yet move. */
    static OffsetFetchRequest stablePosition(String group, TopicPartition id) {
        return new OffsetFetchRequest(
                group,
                List.of(new OffsetFetchRequest.OffsetFetchRequestTopic(id.topic(), List.of(id.partition()))),
                List.of(),
                true);
    }

    /** Who commits positions in a transaction. */
    record Committer(
            String transactionalId, long producerId, short epoch, String group, int generation, String member) {}

    static TxnOffsetCommitRequest commit(Committer by, TopicPartition id, long position) {
        return new TxnOffsetCommitRequest(
                by.transactionalId,
                by.group,
                by.producerId,
                by.epoch,
                by.generation,
                by.member,
                null,
                List.of(new TxnOffsetCommitRequestTopic(
                        id.topic(),
                        Uuid.ZERO,
                        List.of(new TxnOffsetCommitRequestPartition(id.partition(), position, -1, "")))));
    }

    /** {@return what an answer says of a partition} */
    static PartitionProduceResponse of(TopicPartition id, ProduceResponse answer) {
        return answer.responses().stream()
                .filter(topic -> topic.name().equals(id.topic()))
                .flatMap(topic -> topic.partitionResponses().stream())
                .filter(partition -> partition.index() == id.partition())
                .findFirst()
                .orElseThrow(() -> new Violation("An answer has nothing about " + id));
    }

    /** {@return why partitions were not added, NONE if they were} */
    static ErrorCode worst(AddPartitionsToTxnResponse answer) {
        return answer.resultsByTopicV3AndBelow().stream()
                .flatMap(topic -> topic.resultsByPartition().stream())
                .map(AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult::partitionErrorCode)
                .filter(error -> error != ErrorCode.NONE && error != ErrorCode.OPERATION_NOT_ATTEMPTED)
                .findFirst()
                .orElse(ErrorCode.NONE);
    }
}
