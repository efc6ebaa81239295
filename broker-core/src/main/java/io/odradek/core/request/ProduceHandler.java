package io.odradek.core.request;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;

/**
 * Produce, versions 3 to 11: appends one batch to each partition named.
 *
 * <p>acks=0 is not answered; if any partition refuses, the connection is closed, which is the only way to tell the client.
 * acks=1 is answered when the leader has appended, and forced where {@code log.flush.policy} or {@code flush.messages} says
 * so; acks=-1 when the high watermark has passed the records. Both are answered with REQUEST_TIMED_OUT if that takes longer
 * than {@code timeoutMs}. Partitions fail one by one; the others are appended.
 *
 * <p>Errors of the whole request, given for each partition: INVALID_REQUIRED_ACKS for other acks;
 * UNSUPPORTED_VERSION for a transactional id, which InitProducerId refuses too. Errors of a partition:
 * UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, INVALID_TOPIC_EXCEPTION for internal topics unless the client is
 * Kafka's own admin client, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, KAFKA_STORAGE_ERROR,
 * UNSUPPORTED_COMPRESSION_TYPE for zstd before version 7, what {@code
 * RecordValidator} finds (with the records at fault from version 8 on, KIP-467), and what the log finds of an idempotent
 * producer's sequence.
 */
public final class ProduceHandler implements RequestHandler<ProduceRequest> {
    private final PartitionOwners owners;
    private final PartitionLookup lookup;
    private final Clock clock;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata tells unknown partitions from those of other brokers
     * @param clock for LogAppendTime and the age of segments
     */
    public ProduceHandler(PartitionOwners owners, MetadataSource metadata, Clock clock) {
        this.owners = owners;
        this.lookup = new PartitionLookup(metadata);
        this.clock = clock;
    }

    @Override
    public void handle(ProduceRequest request, RequestContext context) {
        ProduceInFlight inFlight = new ProduceInFlight(request, context);
        ErrorCode refusal = refusal(request);
        if (refusal != ErrorCode.NONE || inFlight.itemCount() == 0) {
            inFlight.refuse(refusal);
            return;
        }
        int[][] groups = inFlight.groupByOwner(owners);
        inFlight.expectParts(OwnerGroups.count(groups));
        context.workBegins(OwnerGroups.count(groups));
        for (int owner = 0; owner < groups.length; owner++) {
            if (groups[owner] != null) {
                PartitionOwner target = owners.owner(owner);
                target.loop().execute(new ProducePart(inFlight, target, groups[owner], lookup, clock));
            }
        }
    }

    private static ErrorCode refusal(ProduceRequest request) {
        if (request.acks() < -1 || request.acks() > 1) {
            return ErrorCode.INVALID_REQUIRED_ACKS;
        }
        return request.transactionalId() == null ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION;
    }
}
