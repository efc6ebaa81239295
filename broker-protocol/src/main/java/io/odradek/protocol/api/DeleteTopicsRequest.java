package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Deletes topics: by name up to version 5, by name or id in version 6.
 */
@Request(key = 20, versions = "0-6", flexible = "4+")
public record DeleteTopicsRequest(
        @Versions("6+") List<DeleteTopicState> topics,
        @Versions("0-5") List<String> topicNames,
        int timeoutMs) implements ApiRequest {
    /** A topic, by name or by id. */
    public record DeleteTopicState(
            @Versions("6+") @Nullable @Default("null") String name,
            @Versions("6+") Uuid topicId) {}
}
