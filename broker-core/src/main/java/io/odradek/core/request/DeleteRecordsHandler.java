package io.odradek.core.request;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * DeleteRecords, versions 0 to 2 (KIP-107): lets partitions begin at a later offset, -1 for the high watermark. What is
 * asked to be deleted already is no error. It is answered when the new beginnings are on the disk, so that what was deleted
 * does not come back with a crash; requests that come together share that.
 *
 * <p>Errors of a partition: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, INVALID_TOPIC_EXCEPTION for internal topics,
 * POLICY_VIOLATION where {@code cleanup.policy} has no delete, OFFSET_OUT_OF_RANGE above the high watermark or for a
 * negative offset, KAFKA_STORAGE_ERROR.
 */
public final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequest> {
    private final PartitionOwners owners;
    private final PartitionLookup lookup;
    private final LogStartStore starts;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata tells unknown partitions from those of other brokers
     * @param starts saves where logs begin
     */
    public DeleteRecordsHandler(PartitionOwners owners, MetadataSource metadata, LogStartStore starts) {
        this.owners = owners;
        this.lookup = new PartitionLookup(metadata);
        this.starts = starts;
    }

    @Override
    public void handle(DeleteRecordsRequest request, RequestContext context) {
        List<TopicPartition> ids = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        for (DeleteRecordsTopic topic : request.topics()) {
            for (DeleteRecordsPartition partition : topic.partitions()) {
                ids.add(new TopicPartition(topic.name(), partition.partitionIndex()));
                offsets.add(partition.offset());
            }
        }
        DeleteRecordsInFlight inFlight = new DeleteRecordsInFlight(request, context, ids.size());
        PerPartition.start(
                context,
                owners,
                ids.toArray(new TopicPartition[0]),
                (owner, item) -> delete(owner, ids.get(item), offsets.get(item), inFlight, item),
                () -> inFlight.save(starts));
    }

    private void delete(PartitionOwner owner, TopicPartition id, long offset, DeleteRecordsInFlight into, int item) {
        try {
            if (TopicNames.internal(id.topic())) {
                throw new ApiException(
                        ErrorCode.INVALID_TOPIC_EXCEPTION, "Records of the internal " + id.topic() + " stay");
            }
            Partition partition = lookup.require(owner, id);
            partition.deleteRecordsBefore(offset);
            into.deleted(item, partition.log());
        } catch (ApiException e) {
            into.failed(item, e.error());
        }
    }
}
