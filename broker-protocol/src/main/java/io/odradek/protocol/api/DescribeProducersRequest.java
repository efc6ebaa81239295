package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Asks which idempotent producers the leaders of partitions know (KIP-664).
 */
@Request(key = 61, versions = "0", flexible = "0+")
public record DescribeProducersRequest(List<TopicRequest> topics) implements ApiRequest {
    /** Partitions of one topic. */
    public record TopicRequest(String name, List<Integer> partitionIndexes) {}
}
