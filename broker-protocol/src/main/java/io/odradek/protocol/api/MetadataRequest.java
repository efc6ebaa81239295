package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Asks who is in the cluster and who leads the partitions of topics.
 * All topics: a null list, in version 0 an empty one. Versions: 4 lets the client forbid auto-creation; 10 added topic ids (KIP-516);
 * 8 to 10 can ask for the operations the client may perform on the cluster, 8+ on topics (KIP-430).
 */
@Request(key = 3, versions = "0-12", flexible = "9+")
public record MetadataRequest(
        @Nullable("1+") List<MetadataRequestTopic> topics,
        @Versions("4+") @Default("true") boolean allowAutoTopicCreation,
        @Versions("8-10") boolean includeClusterAuthorizedOperations,
        @Versions("8+") boolean includeTopicAuthorizedOperations)
        implements ApiRequest {
    /** A topic, by name or (version 12) by id. */
    public record MetadataRequestTopic(
            @Versions("10+") Uuid topicId, @Nullable("10+") String name) {}
}
