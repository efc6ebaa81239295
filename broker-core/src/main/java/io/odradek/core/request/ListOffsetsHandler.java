package io.odradek.core.request;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.odradek.protocol.api.ListOffsetsResponse.ListOffsetsTopicResponse;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * ListOffsets, versions 0 to 9: finds offsets by time. {@link OffsetLookup} says what each special timestamp means, {@link
 * SegmentOffsets} what version 0 finds.
 *
 * <p>Versions: 1 gives one offset with its timestamp, where 0 gave a list (KIP-79); 2 has isolation levels (KIP-98); from 3 on a
 * throttled client is answered first (KIP-219); 4 has leader epochs (KIP-320); 5 knows OFFSET_NOT_AVAILABLE (KIP-207); 6 is
 * flexible (KIP-482); 7, 8 and 9 brought the timestamps -3 (KIP-734), -4 (KIP-405) and -5 (KIP-1005).
 *
 * <p>Errors of a partition: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH and
 * UNKNOWN_LEADER_EPOCH (KIP-320), OFFSET_NOT_AVAILABLE (LEADER_NOT_AVAILABLE before version 5) while a new leader's high
 * watermark has not reached its own epoch (KIP-207), UNSUPPORTED_VERSION for a special timestamp that the version does not
 * have, INVALID_REQUEST for a partition named twice (not in version 0), KAFKA_STORAGE_ERROR.
 */
public final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequest> {
    private final PartitionOwners owners;
    private final Clock clock;
    private final PartitionLookup lookup;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata tells unknown partitions from those of other brokers
     */
    public ListOffsetsHandler(PartitionOwners owners, MetadataSource metadata, Clock clock) {
        this.owners = owners;
        this.clock = clock;
        this.lookup = new PartitionLookup(metadata);
    }

    @Override
    public void handle(ListOffsetsRequest request, RequestContext context) {
        List<TopicPartition> ids = new ArrayList<>();
        List<ListOffsetsPartition> asked = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition partition : topic.partitions()) {
                ids.add(new TopicPartition(topic.name(), partition.partitionIndex()));
                asked.add(partition);
            }
        }
        TopicPartition[] toServe = ids.toArray(new TopicPartition[0]);
        ListOffsetsPartitionResponse[] results = new ListOffsetsPartitionResponse[toServe.length];
        short version = context.header().apiVersion();
        if (version > 0) {
            refuseRepeated(toServe, results);
        }
        OffsetLookup offsets = new OffsetLookup(version, request.replicaId(), request.isolationLevel(), clock.wallMs());
        PerPartition.start(
                context,
                owners,
                toServe,
                (owner, item) -> results[item] = find(owner, ids.get(item), asked.get(item), offsets),
                () -> context.respond(new ListOffsetsResponse(byTopic(request, results))));
    }

    private ListOffsetsPartitionResponse find(
            PartitionOwner owner, TopicPartition id, ListOffsetsPartition asked, OffsetLookup offsets) {
        try {
            offsets.requireKnown(asked.timestamp());
            Partition partition = lookup.require(owner, id);
            try {
                return offsets.find(partition, asked);
            } finally {
                partition.announceChanges();
            }
        } catch (ApiException e) {
            return OffsetLookup.error(id.partition(), e.error());
        }
    }

    private static void refuseRepeated(TopicPartition[] ids, ListOffsetsPartitionResponse[] results) {
        Set<TopicPartition> seen = new HashSet<>();
        Set<TopicPartition> repeated = new HashSet<>();
        for (TopicPartition id : ids) {
            if (!seen.add(id)) {
                repeated.add(id);
            }
        }
        for (int item = 0; item < ids.length && !repeated.isEmpty(); item++) {
            if (repeated.contains(ids[item])) {
                results[item] = OffsetLookup.error(ids[item].partition(), ErrorCode.INVALID_REQUEST);
                ids[item] = null;
            }
        }
    }

    private static List<ListOffsetsTopicResponse> byTopic(
            ListOffsetsRequest request, ListOffsetsPartitionResponse[] results) {
        List<ListOffsetsPartitionResponse> all = Arrays.asList(results);
        List<ListOffsetsTopicResponse> topics = new ArrayList<>(request.topics().size());
        int item = 0;
        for (ListOffsetsTopic topic : request.topics()) {
            int end = item + topic.partitions().size();
            topics.add(new ListOffsetsTopicResponse(topic.name(), all.subList(item, end)));
            item = end;
        }
        return topics;
    }
}
