package io.odradek.protocol.api;

import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import java.util.List;

/** Asks what lies in the log folders of a broker (KIP-113, KIP-827): of some partitions, or null for all. */
@Request(key = 35, versions = "0-4", flexible = "2+")
public record DescribeLogDirsRequest(@Nullable("0+") List<DescribableLogDirTopic> topics) implements ApiRequest {
    /** Partitions of a topic. */
    public record DescribableLogDirTopic(String topic, List<Integer> partitions) {}
}
