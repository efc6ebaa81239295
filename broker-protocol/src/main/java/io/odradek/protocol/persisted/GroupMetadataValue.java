package io.odradek.protocol.persisted;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Message;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Versions;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A group's generation in {@code __consumer_offsets}, two bytes of version before it. Version 3 is written.
 *
 * @param protocolType what the members are, such as {@code consumer}
 * @param generation the generation's number
 * @param protocol the assignor chosen, null while the group is empty
 * @param leader the member id of the leader, null while the group is empty
 * @param currentStateTimestamp when the group came into its state, milliseconds since the epoch, -1 if unknown
 * @param members the members
 */
@Message(versions = "0-4", flexible = "4+")
public record GroupMetadataValue(
        String protocolType,
        int generation,
        @Nullable String protocol,
        @Nullable String leader,
        @Versions("2+") @Default("-1") long currentStateTimestamp,
        List<MemberMetadata> members) {
    /**
     * A member of the generation.
     *
     * @param memberId given by the coordinator
     * @param groupInstanceId given by the user (KIP-345), or null
     * @param clientId the client's name for itself
     * @param clientHost where it connected from
     * @param rebalanceTimeout milliseconds it has to join again; version 0 has the session's only
     * @param sessionTimeout milliseconds without a heartbeat after which it counts as dead
     * @param subscription what it sent under the chosen protocol
     * @param assignment what the leader gave it
     */
    public record MemberMetadata(
            String memberId,
            @Versions("3+") @Nullable("3+") @Default("null") String groupInstanceId,
            String clientId,
            String clientHost,
            @Versions("1+") @Default("-1") int rebalanceTimeout,
            int sessionTimeout,
            ByteBuffer subscription,
            ByteBuffer assignment) {}
}
