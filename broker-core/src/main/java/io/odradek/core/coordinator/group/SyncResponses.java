package io.odradek.core.coordinator.group;

import io.odradek.protocol.api.SyncGroupResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.WireReader;

/** The answers to SyncGroup. */
final class SyncResponses {
    private SyncResponses() {}

    static SyncGroupResponse error(ErrorCode error) {
        return new SyncGroupResponse(error, null, null, WireReader.NO_BYTES);
    }

    static SyncGroupResponse assignment(Group group, Member member) {
        return new SyncGroupResponse(ErrorCode.NONE, group.protocolType(), group.protocol(), member.assignment());
    }
}
