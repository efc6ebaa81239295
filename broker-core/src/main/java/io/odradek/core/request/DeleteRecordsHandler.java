package io.odradek.core.request;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import java.util.ArrayList;
import java.util.List;

/**
 * DeleteRecords, versions 0 to 2 (KIP-107): lets partitions begin at a later offset, -1 for the high watermark. What is
 * asked to be deleted already is no error. It is answered when the new beginnings are on the disk, so that what was deleted
 * does not come back with a crash, and the followers that are alive have taken them over; requests that come together share
 * that. It waits for that as long as the client says, but at least a second and at most {@code odradek.request.max.wait.ms};
 * then the partition is REQUEST_TIMED_OUT, and begins later nevertheless.
 *
 * <p>Versions: 1 is 0 again, but a throttled client is answered first and held up after (KIP-219); 2 is flexible (KIP-482).
 *
 * <p>Errors of a partition: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, INVALID_TOPIC_EXCEPTION for internal topics,
 * POLICY_VIOLATION where {@code cleanup.policy} has no delete, OFFSET_OUT_OF_RANGE above the high watermark or for a
 * negative offset, KAFKA_STORAGE_ERROR, REQUEST_TIMED_OUT.
 */
public final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequest> {
    /** A client that waits for no replica has its answer still: Kafka does not wait for the disk. */
    private static final long SHORTEST_WAIT_MS = 1_000;

    private final PartitionOwners owners;
    private final PartitionLookup lookup;
    private final LogStartStore starts;
    private final long maxWaitMs;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata tells unknown partitions from those of other brokers
     * @param starts saves where logs begin
     * @param maxWaitMs the longest wait for that
     */
    public DeleteRecordsHandler(PartitionOwners owners, MetadataSource metadata, LogStartStore starts, long maxWaitMs) {
        this.owners = owners;
        this.lookup = new PartitionLookup(metadata);
        this.starts = starts;
        this.maxWaitMs = maxWaitMs;
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
        long waitMs = Math.min(maxWaitMs, Math.max(SHORTEST_WAIT_MS, request.timeoutMs()));
        DeleteRecordsPart.Wishes wishes = new DeleteRecordsPart.Wishes(ids, offsets, waitMs);
        new DeleteRecordsInFlight(request, context, wishes, lookup, starts)
                .split(ids.toArray(new TopicPartition[0]), owners);
    }
}
