package io.odradek.protocol.persisted;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Message;
import io.odradek.protocol.schema.Nullable;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a member of a consumer group is to read, two bytes of version before it, as its leader gave it; see
 * {@link ConsumerProtocolSubscription}.
 *
 * @param assignedPartitions the partitions
 * @param userData the assignor's own
 */
@Message(versions = "0-3", flexible = "none")
public record ConsumerProtocolAssignment(
        List<TopicPartitions> assignedPartitions,
        @Nullable @Default("null") ByteBuffer userData) {
    /**
     * Partitions of a topic.
     *
     * @param topic the topic
     * @param partitions their indexes
     */
    public record TopicPartitions(String topic, List<Integer> partitions) {}
}
