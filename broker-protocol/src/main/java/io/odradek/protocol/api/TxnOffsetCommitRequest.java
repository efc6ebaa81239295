package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Commits a group's positions in a transaction: they count once it is committed.
 * Version 3 names the generation, member and instance, so that one who is no member any more is refused (KIP-447); from version 5
 * on the group's partition joins the transaction by it (KIP-890); version 6 names topics by identifier.
 */
@Request(key = 28, versions = "0-6", flexible = "3+")
public record TxnOffsetCommitRequest(
        String transactionalId,
        String groupId,
        long producerId,
        short producerEpoch,
        @Versions("3+") @Default("-1") int generationIdOrMemberEpoch,
        @Versions("3+") String memberId,
        @Versions("3+") @Nullable @Default("null") String groupInstanceId,
        List<TxnOffsetCommitRequestTopic> topics)
        implements ApiRequest {
    /** The positions of one topic, by name up to version 5, by id after. */
    public record TxnOffsetCommitRequestTopic(
            @Versions("0-5") String name,
            @Versions("6+") Uuid topicId,
            List<TxnOffsetCommitRequestPartition> partitions) {}

    /** The position in one partition: the offset of the next record to read, with the client's note. */
    public record TxnOffsetCommitRequestPartition(
            int partitionIndex,
            long committedOffset,
            @Versions("2+") @Default("-1") int committedLeaderEpoch,
            @Nullable String committedMetadata) {}
}
