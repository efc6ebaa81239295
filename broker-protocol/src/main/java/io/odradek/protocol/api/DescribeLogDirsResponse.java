package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/** What lies in the log folders of a broker. */
@Response(key = 35, versions = "0-4", flexible = "2+", errorless = "0-2")
@ThrottleTime
public record DescribeLogDirsResponse(@Versions("3+") ErrorCode errorCode, List<DescribeLogDirsResult> results)
        implements ApiResponse {
    /** A log folder: KAFKA_STORAGE_ERROR if it is offline; bytes of its volume, -1 where they are not known. */
    public record DescribeLogDirsResult(
            ErrorCode errorCode,
            String logDir,
            List<DescribeLogDirsTopic> topics,
            @Versions("4+") @Default("-1") long totalBytes,
            @Versions("4+") @Default("-1") long usableBytes) {}

    /** The partitions of a topic in a folder. */
    public record DescribeLogDirsTopic(String name, List<DescribeLogDirsPartition> partitions) {}

    /**
     * A log: its size in bytes; how many records it lacks, towards the high watermark, or of the log that it will take the
     * place of; and whether it is such a log.
     */
    public record DescribeLogDirsPartition(
            int partitionIndex, long partitionSize, long offsetLag, boolean isFutureKey) {}
}
