package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Mirrors;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.Tagged;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import io.odradek.protocol.wire.Uuid;
import java.util.List;

/**
 * Whether each topic was created; from version 5 on with what it was created with (KIP-525).
 */
@Response(key = 19, versions = "0-7", flexible = "5+")
@ThrottleTime("2+")
public record CreateTopicsResponse(@Mirrors List<CreatableTopicResult> topics) implements ApiResponse {
    /** The result of one topic. */
    public record CreatableTopicResult(
            @Mirrors String name,
            @Versions("7+") Uuid topicId,
            ErrorCode errorCode,
            @Versions("1+") @Nullable String errorMessage,
            @Tagged(tag = 0, versions = "5+") short topicConfigErrorCode,
            @Versions("5+") @Default("-1") int numPartitions,
            @Versions("5+") @Default("-1") short replicationFactor,
            @Versions("5+") @Nullable List<CreatableTopicConfigs> configs) {}

    /** A setting of the new topic. */
    public record CreatableTopicConfigs(
            @Versions("5+") String name,
            @Versions("5+") @Nullable String value,
            @Versions("5+") boolean readOnly,
            @Versions("5+") @Default("-1") byte configSource,
            @Versions("5+") boolean isSensitive) {}
}
