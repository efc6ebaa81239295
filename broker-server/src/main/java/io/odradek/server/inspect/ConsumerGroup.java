package io.odradek.server.inspect;

import java.util.List;

/**
 * A group of consumers, or of others who divide work among them.
 *
 * @param id its id
 * @param state as Kafka names it: {@code Stable}, {@code Empty}, {@code PreparingRebalance}, {@code CompletingRebalance},
 *     {@code Dead}
 * @param protocolType {@code consumer} for consumers; empty for a group that has committed without members
 * @param assignor who divides, such as {@code range}; empty while nobody has
 * @param members who is in it, by member id
 * @param positions what it has committed, by topic and partition
 */
public record ConsumerGroup(
        String id,
        String state,
        String protocolType,
        String assignor,
        List<GroupMember> members,
        List<GroupPosition> positions) {
    /** {@return how many offsets it is behind in all partitions that it has committed} */
    public long lag() {
        return positions.stream().mapToLong(GroupPosition::lag).sum();
    }

    /** {@return what it has committed in a partition, -1 if nothing} */
    public long position(String topic, int partition) {
        for (GroupPosition position : positions) {
            if (position.topic().equals(topic) && position.partition() == partition) {
                return position.offset();
            }
        }
        return -1;
    }
}
