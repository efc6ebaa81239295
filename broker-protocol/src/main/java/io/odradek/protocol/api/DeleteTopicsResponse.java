package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Whether each topic was deleted.
 */
@Response(key = 20, versions = "0-6", flexible = "4+")
@ThrottleTime("1+")
public record DeleteTopicsResponse(
        @Mirrors({"topicNames", "topics"}) List<DeletableTopicResult> responses) implements ApiResponse {
    /** The result of one topic. */
    public record DeletableTopicResult(
            @Mirrors @Nullable("6+") String name,
            @Mirrors @Versions("6+") Uuid topicId,
            ErrorCode errorCode,
            @Versions("5+") @Nullable @Default("null") String errorMessage) {}
}
