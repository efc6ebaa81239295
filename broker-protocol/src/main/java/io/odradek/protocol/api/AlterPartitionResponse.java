package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * The state of each partition after the change, or why there was none. The request as a whole: STALE_BROKER_EPOCH,
 * CLUSTER_AUTHORIZATION_FAILED, NOT_CONTROLLER. A partition: FENCED_LEADER_EPOCH, NOT_CONTROLLER, INVALID_UPDATE_VERSION,
 * INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION; from version 2 on INELIGIBLE_REPLICA, NEW_LEADER_ELECTED and
 * UNKNOWN_TOPIC_ID (KIP-841). Versions as those of the request.
 */
@Response(key = 56, versions = "0-3", flexible = "0+")
@ThrottleTime
public record AlterPartitionResponse(ErrorCode errorCode, List<TopicData> topics) implements ApiResponse {
    /** The results of one topic, by name up to version 1, by id after. */
    public record TopicData(
            @Versions("0-1") String topicName,
            @Versions("2+") Uuid topicId,
            List<PartitionData> partitions) {}

    /** A partition's state, of no meaning with an error. */
    public record PartitionData(
            int partitionIndex,
            ErrorCode errorCode,
            int leaderId,
            int leaderEpoch,
            List<Integer> isr,
            @Versions("1+") byte leaderRecoveryState,
            int partitionEpoch) {}
}
