package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;

/**
 * Keeps a member's session alive.
 */
@Request(key = 12, versions = "0-4", flexible = "4+")
public record HeartbeatRequest(
        String groupId,
        int generationId,
        String memberId,
        @Versions("3+") @Nullable @Default("null") String groupInstanceId)
        implements ApiRequest {}
