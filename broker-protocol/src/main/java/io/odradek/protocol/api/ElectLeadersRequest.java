package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/**
 * Elects leaders of partitions, of all if {@code topicPartitions} is null, and waits up to {@code timeoutMs} for them (KIP-183).
 * Versions: 1 added the kind of election (KIP-460), before it is always the preferred one; 2 is flexible (KIP-482).
 */
@Request(key = 43, versions = "0-2", flexible = "2+")
public record ElectLeadersRequest(
        @Versions("1+") byte electionType,
        @Nullable List<TopicPartitions> topicPartitions,
        @Default("60000") int timeoutMs)
        implements ApiRequest {
    /** {@code electionType}: the first replica of the assignment leads if it is in sync. */
    public static final byte PREFERRED = 0;

    /** {@code electionType}: the first live replica leads if none is in sync. */
    public static final byte UNCLEAN = 1;

    /** The partitions of one topic. */
    public record TopicPartitions(String topic, List<Integer> partitions) {}
}
