package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Creates topics, or only checks that it could ({@code validateOnly}, 1+).
 * Partition count and replication factor -1 mean the broker's defaults (4+, KIP-464), or that assignments are given.
 */
@Request(key = 19, versions = "0-7", flexible = "5+")
public record CreateTopicsRequest(
        List<CreatableTopic> topics,
        @Default("60000") int timeoutMs,
        @Versions("1+") boolean validateOnly) implements ApiRequest {
    /** A topic to be created. */
    public record CreatableTopic(
            String name,
            int numPartitions,
            short replicationFactor,
            List<CreatableReplicaAssignment> assignments,
            List<CreatableTopicConfig> configs) {}

    /** The brokers that shall hold a partition, the preferred leader first. */
    public record CreatableReplicaAssignment(int partitionIndex, List<Integer> brokerIds) {}

    /** A setting that overrides the broker's default. */
    public record CreatableTopicConfig(
            String name, @Nullable String value) {}
}
