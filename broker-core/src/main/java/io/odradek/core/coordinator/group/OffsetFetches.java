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

/**
 * OffsetFetch of one group, versions 0 to 9; the older forms are turned into this one. It reads what has been appended, and
 * the runtime holds the answer until that is committed: so {@code require_stable} has nothing more to wait for, and a fetch
 * after a commit sees that commit.
 */
final class OffsetFetches {
    private final GroupDirectory directory;

    OffsetFetches(GroupDirectory directory) {
        this.directory = directory;
    }

    CoordinatorResult<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup request) {
        SortedMap<TopicPartition, CommittedOffset> offsets = directory.stored().offsets(request.groupId());
        List<OffsetFetchResponseTopics> topics =
                request.topics() == null ? all(offsets) : asked(request.topics(), offsets);
        return CoordinatorResult.read(new OffsetFetchResponseGroup(request.groupId(), topics, ErrorCode.NONE));
    }

    private static List<OffsetFetchResponseTopics> all(SortedMap<TopicPartition, CommittedOffset> offsets) {
        Map<String, OffsetFetchResponseTopics> byName = new LinkedHashMap<>();
        offsets.forEach((id, committed) -> byName.computeIfAbsent(
                        id.topic(), name -> new OffsetFetchResponseTopics(name, new ArrayList<>()))
                .partitions()
                .add(partition(id.partition(), committed)));
        return new ArrayList<>(byName.values());
    }

    private static List<OffsetFetchResponseTopics> asked(
            List<OffsetFetchRequestTopics> asked, SortedMap<TopicPartition, CommittedOffset> offsets) {
        List<OffsetFetchResponseTopics> topics = new ArrayList<>(asked.size());
        for (OffsetFetchRequestTopics topic : asked) {
            List<OffsetFetchResponsePartitions> partitions =
                    new ArrayList<>(topic.partitionIndexes().size());
            for (int index : topic.partitionIndexes()) {
                partitions.add(partition(index, offsets.get(new TopicPartition(topic.name(), index))));
            }
            topics.add(new OffsetFetchResponseTopics(topic.name(), partitions));
        }
        return topics;
    }

    private static OffsetFetchResponsePartitions partition(int index, CommittedOffset committed) {
        return committed == null
                ? new OffsetFetchResponsePartitions(
                        index, CommittedOffset.NO_OFFSET, CommittedOffset.NO_LEADER_EPOCH, "", ErrorCode.NONE)
                : new OffsetFetchResponsePartitions(
                        index, committed.offset(), committed.leaderEpoch(), committed.metadata(), ErrorCode.NONE);
    }
}
