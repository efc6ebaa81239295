package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Payload;
import java.util.List;

/**
 * Appends record batches to partitions.
 * {@code acks}: 0 for no response at all, 1 when the leader has the records, -1 when every in-sync replica has them;
 * {@code timeoutMs} bounds the wait for the last. One batch a partition, in format v2; before version 3 a message set of magic 0
 * or 1, which came with version 2 (KIP-32).
 * Versions: 3 added the transactional id; 9 flexible encodings; 7 allows zstd (KIP-110). By version 12 a partition joins the producer's transaction (KIP-890).
 */
@Request(key = 0, versions = "0-12", flexible = "9+")
public record ProduceRequest(
        @Versions("3+") @Nullable @Default("null") String transactionalId,
        short acks,
        int timeoutMs,
        List<TopicProduceData> topicData)
        implements ApiRequest {
    /** The records for one topic. */
    public record TopicProduceData(String name, List<PartitionProduceData> partitionData) {}

    /** The records for one partition: one v2 batch, or a message set, a slice of the request. */
    public record PartitionProduceData(int index, @Nullable Payload records) {}
}
