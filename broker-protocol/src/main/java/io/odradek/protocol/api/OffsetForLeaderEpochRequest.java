package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Asks where leader epochs end in the leader's log, to find where a log diverges (KIP-101, KIP-320).
 */
@Request(key = 23, versions = "0-4", flexible = "4+")
public record OffsetForLeaderEpochRequest(
        @Versions("3+") @Default("-2") int replicaId, List<OffsetForLeaderTopic> topics) implements ApiRequest {
    /** The partitions asked for of one topic. */
    public record OffsetForLeaderTopic(String topic, List<OffsetForLeaderPartition> partitions) {}

    /** The epoch whose end is asked for, and the epoch the client believes current. */
    public record OffsetForLeaderPartition(
            int partition, @Versions("2+") @Default("-1") int currentLeaderEpoch, int leaderEpoch) {}
}
