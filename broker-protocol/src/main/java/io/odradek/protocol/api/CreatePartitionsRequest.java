package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Adds partitions to topics, or only checks that it could ({@code validateOnly}), and waits up to {@code timeoutMs} until they
 * have leaders (KIP-195). Versions: 2 is flexible (KIP-482); 3 may be answered THROTTLING_QUOTA_EXCEEDED (KIP-599).
 */
@Request(key = 37, versions = "0-3", flexible = "2+")
public record CreatePartitionsRequest(List<CreatePartitionsTopic> topics, int timeoutMs, boolean validateOnly)
        implements ApiRequest {
    /** A topic, how many partitions it shall have in all, and where the new ones go; null leaves that to the broker. */
    public record CreatePartitionsTopic(
            String name, int count, @Nullable List<CreatePartitionsAssignment> assignments) {}

    /** The brokers that shall hold a new partition, the preferred leader first. */
    public record CreatePartitionsAssignment(List<Integer> brokerIds) {}
}
