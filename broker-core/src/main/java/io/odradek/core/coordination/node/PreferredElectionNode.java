package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonReader;
import io.odradek.protocol.TopicPartition;
import java.util.List;

/**
 * {@code /admin/preferred_replica_election}, version 1 of its JSON: a tool asks for the preferred leaders of partitions. It is
 * only read.
 *
 * @param partitions the partitions
 */
public record PreferredElectionNode(List<TopicPartition> partitions) {
    /** {@return the node that was read} */
    public static PreferredElectionNode decode(byte[] data) {
        return new PreferredElectionNode(IsrChangeNode.partitionsIn(JsonReader.readObject(data)));
    }
}
