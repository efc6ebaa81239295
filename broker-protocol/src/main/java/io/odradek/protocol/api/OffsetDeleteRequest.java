package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Deletes a group's positions in partitions that it does not subscribe to (KIP-496).
 */
@Request(key = 47, versions = "0", flexible = "none")
public record OffsetDeleteRequest(String groupId, List<OffsetDeleteRequestTopic> topics) implements ApiRequest {
    /** The partitions of one topic. */
    public record OffsetDeleteRequestTopic(String name, List<OffsetDeleteRequestPartition> partitions) {}

    /** One partition. */
    public record OffsetDeleteRequestPartition(int partitionIndex) {}
}
