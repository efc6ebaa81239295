package io.odradek.server.tools.groups;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPartitions;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** What the brokers know of consumer groups. */
record KnownGroups(Admin admin) {
    /** {@return all groups, by their names} */
    List<GroupListing> all() throws Exception {
        return of(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all()).stream()
                .sorted(Comparator.comparing(GroupListing::groupId))
                .toList();
    }

    /** {@return their names, in order} */
    List<String> ids() throws Exception {
        return all().stream().map(GroupListing::groupId).toList();
    }

    /**
     * {@return what is known of groups, by their names; a group that is not there is dead}
     *
     * @param groups their names
     */
    Map<String, ConsumerGroupDescription> described(Collection<String> groups) throws Exception {
        Map<String, ConsumerGroupDescription> described = new TreeMap<>();
        for (Map.Entry<String, KafkaFuture<ConsumerGroupDescription>> each :
                admin.describeConsumerGroups(groups).describedGroups().entrySet()) {
            try {
                ConsumerGroupDescription group = of(each.getValue());
                if (group.groupState() != GroupState.DEAD) {
                    described.put(each.getKey(), group);
                }
            } catch (GroupIdNotFoundException unknown) {
                // Newer brokers say so; older ones call it dead.
            }
        }
        return described;
    }

    /** {@return the line about a group that is not there} */
    static ToolException absent(String group) {
        return new ToolException("Consumer group '" + group + "' does not exist.");
    }

    /** {@return the positions of a group, in the order of partitions} */
    Map<TopicPartition, OffsetAndMetadata> positions(String group) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> positions = new TreeMap<>(TopicPartitions.IN_ORDER);
        of(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group))
                .forEach((partition, position) -> {
                    if (position != null) {
                        positions.put(partition, position);
                    }
                });
        return positions;
    }
}
