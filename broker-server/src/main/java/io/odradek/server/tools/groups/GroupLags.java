package io.odradek.server.tools.groups;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.TopicPartitions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;

/** Measures how far a group is in each partition that it reads, or has read. */
record GroupLags(Admin admin, KnownGroups known) {
    /**
     * {@return what each member reads, who reads most first, and then what nobody reads; by topic and partition}
     *
     * @param group what is known of it
     */
    List<PositionLag> of(ConsumerGroupDescription group) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> positions = known.positions(group.groupId());
        List<MemberDescription> members = new ArrayList<>(group.members());
        members.removeIf(member -> member.assignment().topicPartitions().isEmpty());
        members.sort(Comparator.comparingInt((MemberDescription member) ->
                        -member.assignment().topicPartitions().size())
                .thenComparing(MemberDescription::consumerId));
        Set<TopicPartition> all = new HashSet<>(positions.keySet());
        members.forEach(member -> all.addAll(member.assignment().topicPartitions()));
        Map<TopicPartition, Long> ends = ends(all);
        List<PositionLag> lags = new ArrayList<>();
        Set<TopicPartition> free = new TreeSet<>(TopicPartitions.IN_ORDER);
        free.addAll(positions.keySet());
        for (MemberDescription member : members) {
            Set<TopicPartition> own = new TreeSet<>(TopicPartitions.IN_ORDER);
            own.addAll(member.assignment().topicPartitions());
            own.forEach(each -> lags.add(new PositionLag(each, offset(positions.get(each)), ends.get(each), member)));
            free.removeAll(own);
        }
        free.forEach(each -> lags.add(new PositionLag(each, offset(positions.get(each)), ends.get(each), null)));
        return lags;
    }

    private static Long offset(OffsetAndMetadata position) {
        return position == null ? null : Long.valueOf(position.offset());
    }

    /** {@return where partitions end}; of those that cannot be asked there is none. */
    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(each -> asked.put(each, OffsetSpec.latest()));
        ListOffsetsResult answers = admin.listOffsets(asked);
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition each : partitions) {
            try {
                ends.put(each, Answers.of(answers.partitionResult(each)).offset());
            } catch (ApiException untold) {
                // A topic that was deleted, or a partition without a leader: its end is not known.
            }
        }
        return ends;
    }
}
