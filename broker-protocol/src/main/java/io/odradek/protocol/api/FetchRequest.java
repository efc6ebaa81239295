package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Tagged;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Reads record batches of partitions, as a consumer or as a follower (replica id at least 0).
 * Waits up to {@code maxWaitMs} until {@code minBytes} are there. {@code isolationLevel}: 0 read_uncommitted, 1 read_committed.
 * {@code sessionId} and {@code sessionEpoch} name a fetch session, in which only changes are sent (KIP-227): epoch 0 asks for a new
 * one, -1 for none. Versions: 3 added {@code maxBytes} (KIP-74); 4 the isolation level (KIP-98); 9 added the leader epoch the client knows (KIP-320); 11 its rack (KIP-392); 12 the epoch of the last
 * record it has (KIP-595); 13 names topics by id; 15 moved the replica id into a tagged field (KIP-903); 17 added directory ids.
 */
@Request(key = 1, versions = "0-17", flexible = "12+")
public record FetchRequest(
        @Tagged(tag = 0, versions = "12+") @Nullable @Default("null")
        String clusterId,

        @Versions("0-14") @Default("-1") int replicaId,
        @Tagged(tag = 1, versions = "15+") ReplicaState replicaState,
        int maxWaitMs,
        int minBytes,
        @Versions("3+") @Default("0x7fffffff") int maxBytes,
        @Versions("4+") byte isolationLevel,
        @Versions("7+") int sessionId,
        @Versions("7+") @Default("-1") int sessionEpoch,
        List<FetchTopic> topics,
        @Versions("7+") List<ForgottenTopic> forgottenTopicsData,
        @Versions("11+") String rackId)
        implements ApiRequest {
    /** The follower that fetches: its broker id and epoch, -1 for a consumer. */
    public record ReplicaState(
            @Versions("15+") @Default("-1") int replicaId,
            @Versions("15+") @Default("-1") long replicaEpoch) {}

    /** The partitions to fetch of one topic, by name up to version 12, by id after. */
    public record FetchTopic(
            @Versions("0-12") String topic, @Versions("13+") Uuid topicId, List<FetchPartition> partitions) {}

    /** Where to read in one partition, and how much at most. */
    public record FetchPartition(
            int partition,
            @Versions("9+") @Default("-1") int currentLeaderEpoch,
            long fetchOffset,
            @Versions("12+") @Default("-1") int lastFetchedEpoch,
            @Versions("5+") @Default("-1") long logStartOffset,
            int partitionMaxBytes,
            @Tagged(tag = 0, versions = "17+") Uuid replicaDirectoryId) {}

    /** Partitions to take out of the session. */
    public record ForgottenTopic(
            @Versions("7-12") String topic,
            @Versions("13+") Uuid topicId,
            @Versions("7+") List<Integer> partitions) {}
}
