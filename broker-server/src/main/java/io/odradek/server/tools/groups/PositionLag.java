package io.odradek.server.tools.groups;

import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a group is in one partition.
 *
 * @param partition which
 * @param position the offset it goes on with; null if it has committed none
 * @param end the offset behind the last record; null if the partition has no leader to tell
 * @param member whose the partition is; null if nobody's
 */
record PositionLag(TopicPartition partition, Long position, Long end, MemberDescription member) {
    /** {@return how many offsets are left; null if that is not known} */
    Long lag() {
        return position == null || end == null ? null : Long.valueOf(end - position);
    }
}
