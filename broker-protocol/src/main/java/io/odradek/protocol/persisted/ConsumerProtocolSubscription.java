package io.odradek.protocol.persisted;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Message;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a member of a consumer group asks for, two bytes of version before it: members and their leader talk in it, the
 * coordinator keeps it unread in {@link GroupMetadataValue}. Later versions only add fields at the end.
 *
 * @param topics the topics
 * @param userData the assignor's own
 * @param ownedPartitions what the member had before (KIP-429)
 * @param generationId of which generation it had that, -1 if unknown
 * @param rackId where the member stands, or null (KIP-881)
 */
@Message(versions = "0-3", flexible = "none")
public record ConsumerProtocolSubscription(
        List<String> topics,
        @Nullable @Default("null") ByteBuffer userData,
        @Versions("1+") List<TopicPartitions> ownedPartitions,
        @Versions("2+") @Default("-1") int generationId,
        @Versions("3+") @Nullable("3+") @Default("null") String rackId) {
    /**
     * Partitions of a topic.
     *
     * @param topic the topic
     * @param partitions their indexes
     */
    public record TopicPartitions(
            @Versions("1+") String topic, @Versions("1+") List<Integer> partitions) {}
}
