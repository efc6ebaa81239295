package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Asks for the member's assignment; the leader's brings everybody's.
 */
@Request(key = 14, versions = "0-5", flexible = "4+")
public record SyncGroupRequest(
        String groupId,
        int generationId,
        String memberId,
        @Versions("3+") @Nullable @Default("null") String groupInstanceId,
        @Versions("5+") @Nullable @Default("null") String protocolType,
        @Versions("5+") @Nullable @Default("null") String protocolName,
        List<SyncGroupRequestAssignment> assignments)
        implements ApiRequest {
    /** The assignment of one member, opaque to the broker. */
    public record SyncGroupRequestAssignment(String memberId, ByteBuffer assignment) {}
}
