package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Response;
import java.util.List;

/** Whether each replica's move has begun; it ends later. */
@Response(key = 34, versions = "0-2", flexible = "2+")
public record AlterReplicaLogDirsResponse(int throttleTimeMs, List<AlterReplicaLogDirTopicResult> results)
        implements ApiResponse {
    /** The results of one topic. */
    public record AlterReplicaLogDirTopicResult(String topicName, List<AlterReplicaLogDirPartitionResult> partitions) {}

    /** The result of one partition. */
    public record AlterReplicaLogDirPartitionResult(int partitionIndex, ErrorCode errorCode) {}
}
