package io.odradek.core.request;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;

/** Finds the replica that a request means, or says why there is none. */
final class PartitionLookup {
    /** Without the name, which the client knows: it may be 32 KB long, and asked for with each of a million partitions. */
    private static final ApiException NOWHERE =
            new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no such partition");

    private static final ApiException ELSEWHERE =
            new ApiException(ErrorCode.NOT_LEADER_OR_FOLLOWER, "This broker has no replica of the partition");

    private final MetadataSource metadata;

    PartitionLookup(MetadataSource metadata) {
        this.metadata = metadata;
    }

    /**
     * {@return the replica}; called on its owner's loop
     *
     * @throws ApiException KAFKA_STORAGE_ERROR if its log cannot be opened, NOT_LEADER_OR_FOLLOWER if another broker has the partition, UNKNOWN_TOPIC_OR_PARTITION if nobody
     */
    Partition require(PartitionOwner owner, TopicPartition id) {
        Partition partition = owner.partition(id);
        if (partition != null) {
            return partition;
        }
        if (owner.cannotOpen(id)) {
            throw new ApiException(
                    ErrorCode.KAFKA_STORAGE_ERROR, "The log of " + Quoted.text(id.toString()) + " cannot be opened");
        }
        throw exists(id) ? ELSEWHERE : NOWHERE;
    }

    /** {@return who leads elsewhere, for the answer to a request} */
    CurrentLeaders leaders(RequestContext context) {
        return new CurrentLeaders(metadata.image(), context.connection().peer().listenerName());
    }

    /** {@return whether there is such a partition, here or elsewhere} */
    boolean exists(TopicPartition id) {
        MetadataImage.TopicInfo topic = metadata.image().topics().get(id.topic());
        return topic != null
                && id.partition() >= 0
                && id.partition() < topic.partitions().size();
    }
}
