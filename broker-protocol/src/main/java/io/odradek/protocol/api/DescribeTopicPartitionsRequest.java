package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Asks for the partitions of topics, of all if none is named, page by page (KIP-966).
 */
@Request(key = 75, versions = "0", flexible = "0+")
public record DescribeTopicPartitionsRequest(
        List<TopicRequest> topics,
        @Default("2000") int responsePartitionLimit,
        @Nullable @Default("null") Cursor cursor)
        implements ApiRequest {
    /** A topic. */
    public record TopicRequest(String name) {}

    /** Where the page begins: at a partition of a topic, or at the next topic if that is not there. */
    public record Cursor(String topicName, int partitionIndex) {}
}
