package io.odradek.core.request;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochResponse;
import io.odradek.protocol.api.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.odradek.protocol.api.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.log.Log;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * OffsetForLeaderEpoch, versions 0 to 4: tells where leader epochs end in the leader's log (KIP-101, KIP-279, KIP-320).
 * Epoch and offset are -1 where the epoch asked for is above the leader's.
 *
 * <p>Versions: 1 names the epoch that was found (KIP-279); 2 has the epoch that the client believes in (KIP-320); 3 tells
 * followers from clients; 4 is flexible (KIP-482).
 *
 * <p>Errors of a partition: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH,
 * KAFKA_STORAGE_ERROR.
 */
public final class OffsetForLeaderEpochHandler implements RequestHandler<OffsetForLeaderEpochRequest> {
    private final PartitionOwners owners;
    private final PartitionLookup lookup;

    /**
     * @param owners the owners of this broker's partitions
     * @param metadata tells unknown partitions from those of other brokers
     */
    public OffsetForLeaderEpochHandler(PartitionOwners owners, MetadataSource metadata) {
        this.owners = owners;
        this.lookup = new PartitionLookup(metadata);
    }

    @Override
    public void handle(OffsetForLeaderEpochRequest request, RequestContext context) {
        List<TopicPartition> ids = new ArrayList<>();
        List<OffsetForLeaderPartition> asked = new ArrayList<>();
        for (OffsetForLeaderTopic topic : request.topics()) {
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                ids.add(new TopicPartition(topic.topic(), partition.partition()));
                asked.add(partition);
            }
        }
        EpochEndOffset[] results = new EpochEndOffset[ids.size()];
        PerPartition.start(
                context,
                owners,
                ids.toArray(new TopicPartition[0]),
                (owner, item) -> results[item] = find(owner, ids.get(item), asked.get(item)),
                () -> context.respond(new OffsetForLeaderEpochResponse(byTopic(request, results))));
    }

    private EpochEndOffset find(PartitionOwner owner, TopicPartition id, OffsetForLeaderPartition asked) {
        try {
            Partition partition = lookup.require(owner, id);
            partition.requireLeader(asked.currentLeaderEpoch());
            Log.EpochEndOffset end = LeaderLog.endOffsetOfEpoch(partition, asked.leaderEpoch());
            return new EpochEndOffset(ErrorCode.NONE, id.partition(), end.leaderEpoch(), end.endOffset());
        } catch (ApiException e) {
            return new EpochEndOffset(e.error(), id.partition(), -1, -1);
        }
    }

    private static List<OffsetForLeaderTopicResult> byTopic(
            OffsetForLeaderEpochRequest request, EpochEndOffset[] results) {
        List<EpochEndOffset> all = Arrays.asList(results);
        List<OffsetForLeaderTopicResult> topics =
                new ArrayList<>(request.topics().size());
        int item = 0;
        for (OffsetForLeaderTopic topic : request.topics()) {
            int end = item + topic.partitions().size();
            topics.add(new OffsetForLeaderTopicResult(topic.topic(), all.subList(item, end)));
            item = end;
        }
        return topics;
    }
}
