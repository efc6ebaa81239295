package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.wire.Payload;
import java.util.List;

/**
 * Appends record batches to partitions.
 * {@code acks}: 0 for no response at all, 1 when the leader has the records, -1 when every in-sync replica has them;
 * {@code timeoutMs} bounds the wait for the last. One batch a partition, in format v2.
 * Versions: 3 added the transactional id; 9 flexible encodings; 7 allows zstd (KIP-110). Versions 0 to 2 carried the older record
 * formats and are not declared. By version 12 a partition joins the producer's transaction (KIP-890).
 */
@Request(key = 0, versions = "3-12", flexible = "9+")
public record ProduceRequest(
        @Nullable @Default("null") String transactionalId, short acks, int timeoutMs, List<TopicProduceData> topicData)
        implements ApiRequest {
    /** The records for one topic. */
    public record TopicProduceData(String name, List<PartitionProduceData> partitionData) {}

    /** The records for one partition: one v2 batch, a slice of the request. */
    public record PartitionProduceData(int index, @Nullable Payload records) {}
}
