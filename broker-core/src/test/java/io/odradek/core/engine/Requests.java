package io.odradek.core.engine;

import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The requests of simulated clients, each in one version of its API. */
final class Requests {
    static final int CREATE_TOPICS_VERSION = 7;
    static final int DELETE_TOPICS_VERSION = 5;
    static final int METADATA_VERSION = 12;
    static final int PRODUCE_VERSION = 9;
    static final int FETCH_VERSION = 11;
    static final int JOIN_GROUP_VERSION = 9;
    static final int SYNC_GROUP_VERSION = 5;
    static final int HEARTBEAT_VERSION = 4;
    static final int LEAVE_GROUP_VERSION = 5;
    static final int OFFSET_COMMIT_VERSION = 8;
    static final int OFFSET_FETCH_VERSION = 7;
    static final int FIND_COORDINATOR_VERSION = 3;
    static final int INIT_PRODUCER_ID_VERSION = 4;

    private static final int LARGEST_FETCH_BYTES = 1 << 20;

    private Requests() {}

    static CreateTopicsRequest createTopic(String name, int partitions, Map<String, String> settings) {
        List<CreatableTopicConfig> configs = new ArrayList<>();
        settings.forEach((key, value) -> configs.add(new CreatableTopicConfig(key, value)));
        CreatableTopic topic = new CreatableTopic(name, partitions, (short) 1, List.of(), configs);
        return new CreateTopicsRequest(List.of(topic), 10_000, false);
    }

    static DeleteTopicsRequest deleteTopic(String name) {
        return new DeleteTopicsRequest(List.of(), List.of(name), 10_000);
    }

    static MetadataRequest allTopics() {
        return new MetadataRequest(null, false, false, false);
    }

    static ProduceRequest produce(String topic, int partition, int acks, ByteBuffer batch) {
        return new ProduceRequest(
                null,
                (short) acks,
                5_000,
                List.of(new ProduceRequest.TopicProduceData(
                        topic, List.of(new ProduceRequest.PartitionProduceData(partition, new BytesPayload(batch))))));
    }

    /** A batch with one record for each value. */
    static BatchBuilder batch(long timestampMs, List<String> values) {
        BatchBuilder batch = new BatchBuilder(1 << 20);
        for (String value : values) {
            batch.append(timestampMs, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        }
        return batch;
    }

    static FetchRequest fetch(String topic, int partition, long offset, int maxWaitMs) {
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                maxWaitMs,
                1,
                LARGEST_FETCH_BYTES,
                (byte) 0,
                0,
                -1,
                List.of(new FetchRequest.FetchTopic(
                        topic,
                        Uuid.ZERO,
                        List.of(new FetchRequest.FetchPartition(
                                partition, -1, offset, -1, -1, LARGEST_FETCH_BYTES, Uuid.ZERO)))),
                List.of(),
                "");
    }

    /** {@return the values of the records that were fetched, by their offsets} */
    static SortedMap<Long, String> values(FetchResponse.PartitionData fetched) {
        SortedMap<Long, String> values = new TreeMap<>();
        if (!(fetched.records() instanceof BytesPayload records)) {
            return values;
        }
        ByteBuffer buffer = records.buffer();
        try (RecordCursor cursor = new RecordCursor()) {
            for (MemoryRecords batches = MemoryRecords.tolerant(buffer); batches.next(); ) {
                if (!RecordBatch.hasValidCrc(buffer, batches.position())) {
                    throw new AssertionError("A batch was fetched whose checksum is wrong");
                }
                cursor.open(buffer, batches.position(), LARGEST_FETCH_BYTES);
                while (cursor.next()) {
                    values.put(
                            cursor.offset(),
                            StandardCharsets.UTF_8.decode(cursor.value()).toString());
                }
            }
        }
        return values;
    }

    static OffsetCommitRequest commit(
            String group, int generation, String member, String topic, int partition, long offset) {
        return new OffsetCommitRequest(
                group,
                generation,
                member,
                null,
                -1,
                List.of(new OffsetCommitRequest.OffsetCommitRequestTopic(
                        topic,
                        List.of(new OffsetCommitRequest.OffsetCommitRequestPartition(partition, offset, -1, -1, "")))));
    }

    static OffsetFetchRequest committed(String group) {
        return new OffsetFetchRequest(group, null, List.of(), false);
    }
}
