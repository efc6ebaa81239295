package io.odradek.core.coordinator.group;

import io.odradek.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** Which positions of a group have been kept long enough (KIP-211): a pure decision. */
final class OffsetExpiry {
    private OffsetExpiry() {}

    /**
     * Decides.
     *
     * <ul>
     *   <li>A group that had members and has none: all positions, counted from when the last member went (from the commit if
     *       that is not known).
     *   <li>A stable group of consumers whose subscriptions can be read: positions of topics that nobody subscribes to,
     *       counted from the commit.
     *   <li>A group that never had members: each position, counted from its commit.
     *   <li>Any other group: none.
     * </ul>
     *
     * A position that was committed with a retention time of its own expires by that instead.
     */
    static List<TopicPartition> expired(
            Group group, SortedMap<TopicPartition, CommittedOffset> offsets, long nowMs, long retentionMs) {
        if (group.protocolType() == null) {
            return expired(offsets, Set.of(), CommittedOffset::commitTimestampMs, nowMs, retentionMs);
        }
        if (group.is(GroupState.EMPTY)) {
            long since = group.stateSinceMs();
            return expired(
                    offsets,
                    Set.of(),
                    committed -> since < 0 ? committed.commitTimestampMs() : since,
                    nowMs,
                    retentionMs);
        }
        Set<String> subscribed = group.is(GroupState.STABLE) ? group.subscribed(topics(offsets.keySet())) : null;
        return subscribed == null
                ? List.of()
                : expired(offsets, subscribed, CommittedOffset::commitTimestampMs, nowMs, retentionMs);
    }

    private static Set<String> topics(Set<TopicPartition> partitions) {
        Set<String> topics = new TreeSet<>();
        for (TopicPartition partition : partitions) {
            topics.add(partition.topic());
        }
        return topics;
    }

    private static List<TopicPartition> expired(
            SortedMap<TopicPartition, CommittedOffset> offsets,
            Set<String> inUse,
            ToLongFunction<CommittedOffset> base,
            long nowMs,
            long retentionMs) {
        List<TopicPartition> expired = new ArrayList<>();
        for (Map.Entry<TopicPartition, CommittedOffset> entry : offsets.entrySet()) {
            CommittedOffset committed = entry.getValue();
            boolean over = committed.expireTimestampMs() == CommittedOffset.NO_EXPIRY
                    ? Times.since(base.applyAsLong(committed), nowMs) >= retentionMs
                    : nowMs >= committed.expireTimestampMs();
            if (over && !inUse.contains(entry.getKey().topic())) {
                expired.add(entry.getKey());
            }
        }
        return expired;
    }
}
