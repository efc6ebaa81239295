package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import java.util.List;

/** Whether each replica's move has begun; it ends later. */
@Response(key = 34, versions = "0-2", flexible = "2+")
@ThrottleTime
public record AlterReplicaLogDirsResponse(
        @Mirrors("dirs.topics") List<AlterReplicaLogDirTopicResult> results) implements ApiResponse {
    /** The results of one topic. */
    public record AlterReplicaLogDirTopicResult(
            @Mirrors("name") String topicName, @Mirrors List<AlterReplicaLogDirPartitionResult> partitions) {}

    /** The result of one partition. */
    public record AlterReplicaLogDirPartitionResult(@Mirrors int partitionIndex, ErrorCode errorCode) {}
}
