package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;

/**
 * The member's assignment, opaque to the broker.
 */
@Response(key = 14, versions = "0-5", flexible = "4+")
@ThrottleTime("1+")
public record SyncGroupResponse(
        ErrorCode errorCode,
        @Versions("5+") @Nullable @Default("null") String protocolType,
        @Versions("5+") @Nullable @Default("null") String protocolName,
        ByteBuffer assignment)
        implements ApiResponse {}
