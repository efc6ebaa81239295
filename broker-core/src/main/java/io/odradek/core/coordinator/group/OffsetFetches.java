package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.CoordinatorResult;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BiFunction;

/**
 * OffsetFetch of one group, versions 0 to 9; the older forms are turned into this one. It reads what has been appended, and
 * the runtime holds the answer until that is committed: so a fetch after a commit sees that commit.
 *
 * <p>Who asks for stable positions (version 7, KIP-447) is told UNSTABLE_OFFSET_COMMIT of a partition in which a transaction
 * that is still open has committed a position; others get the position before it.
 */
final class OffsetFetches {
    private final GroupDirectory directory;

    OffsetFetches(GroupDirectory directory) {
        this.directory = directory;
    }

    CoordinatorResult<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup request, boolean requireStable) {
        StoredGroups stored = directory.stored();
        SortedMap<TopicPartition, CommittedOffset> offsets = stored.offsets(request.groupId());
        BiFunction<TopicPartition, CommittedOffset, OffsetFetchResponsePartitions> answer = (id, committed) -> {
            boolean unstable = requireStable && stored.pending().has(request.groupId(), id);
            return unstable ? none(id, ErrorCode.UNSTABLE_OFFSET_COMMIT) : partition(id, committed);
        };
        List<OffsetFetchResponseTopics> topics =
                request.topics() == null ? all(offsets, answer) : asked(request.topics(), offsets, answer);
        return CoordinatorResult.read(new OffsetFetchResponseGroup(request.groupId(), topics, ErrorCode.NONE));
    }

    private static List<OffsetFetchResponseTopics> all(
            SortedMap<TopicPartition, CommittedOffset> offsets,
            BiFunction<TopicPartition, CommittedOffset, OffsetFetchResponsePartitions> answer) {
        Map<String, OffsetFetchResponseTopics> byName = new LinkedHashMap<>();
        offsets.forEach((id, committed) -> byName.computeIfAbsent(
                        id.topic(), name -> new OffsetFetchResponseTopics(name, new ArrayList<>()))
                .partitions()
                .add(answer.apply(id, committed)));
        return new ArrayList<>(byName.values());
    }

    private static List<OffsetFetchResponseTopics> asked(
            List<OffsetFetchRequestTopics> asked,
            SortedMap<TopicPartition, CommittedOffset> offsets,
            BiFunction<TopicPartition, CommittedOffset, OffsetFetchResponsePartitions> answer) {
        List<OffsetFetchResponseTopics> topics = new ArrayList<>(asked.size());
        for (OffsetFetchRequestTopics topic : asked) {
            List<OffsetFetchResponsePartitions> partitions =
                    new ArrayList<>(topic.partitionIndexes().size());
            for (int index : topic.partitionIndexes()) {
                TopicPartition id = new TopicPartition(topic.name(), index);
                partitions.add(answer.apply(id, offsets.get(id)));
            }
            topics.add(new OffsetFetchResponseTopics(topic.name(), partitions));
        }
        return topics;
    }

    private static OffsetFetchResponsePartitions partition(TopicPartition id, CommittedOffset committed) {
        return committed == null
                ? none(id, ErrorCode.NONE)
                : new OffsetFetchResponsePartitions(
                        id.partition(),
                        committed.offset(),
                        committed.leaderEpoch(),
                        committed.metadata(),
                        ErrorCode.NONE);
    }

    private static OffsetFetchResponsePartitions none(TopicPartition id, ErrorCode error) {
        return new OffsetFetchResponsePartitions(
                id.partition(), CommittedOffset.NO_OFFSET, CommittedOffset.NO_LEADER_EPOCH, "", error);
    }
}
