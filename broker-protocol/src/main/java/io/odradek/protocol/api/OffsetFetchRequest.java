package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Reads committed positions: of one group up to version 7, of several from version 8 on.
 * A null list asks for all topics. {@code requireStable}: do not answer from a transaction that is still open (KIP-447).
 */
@Request(key = 9, versions = "0-9", flexible = "6+")
public record OffsetFetchRequest(
        @Versions("0-7") String groupId,
        @Versions("0-7") @Nullable("2-7") List<OffsetFetchRequestTopic> topics,
        @Versions("8+") List<OffsetFetchRequestGroup> groups,
        @Versions("7+") boolean requireStable)
        implements ApiRequest {
    /** The partitions asked for of one topic. */
    public record OffsetFetchRequestTopic(
            @Versions("0-7") String name, @Versions("0-7") List<Integer> partitionIndexes) {}

    /** A group and what is asked of it. */
    public record OffsetFetchRequestGroup(
            @Versions("8+") String groupId,
            @Versions("9+") @Nullable @Default("null") String memberId,
            @Versions("9+") @Default("-1") int memberEpoch,
            @Versions("8+") @Nullable List<OffsetFetchRequestTopics> topics) {}

    /** The partitions asked for of one topic. */
    public record OffsetFetchRequestTopics(
            @Versions("8+") String name, @Versions("8+") List<Integer> partitionIndexes) {}
}
