package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Lets partitions begin at later offsets, deleting the records before (KIP-107).
 */
@Request(key = 21, versions = "0-2", flexible = "2+")
public record DeleteRecordsRequest(List<DeleteRecordsTopic> topics, int timeoutMs) implements ApiRequest {
    /** The partitions of one topic. */
    public record DeleteRecordsTopic(String name, List<DeleteRecordsPartition> partitions) {}

    /** The offset that a partition is to begin at, -1 for its high watermark. */
    public record DeleteRecordsPartition(int partitionIndex, long offset) {}
}
