package io.odradek.server.tools.console;

import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.persisted.GroupMetadataKeyCodec;
import io.odradek.protocol.persisted.GroupMetadataValue;
import io.odradek.protocol.persisted.GroupMetadataValueCodec;
import io.odradek.protocol.persisted.OffsetCommitKey;
import io.odradek.protocol.persisted.OffsetCommitKeyCodec;
import io.odradek.protocol.persisted.OffsetCommitValue;
import io.odradek.protocol.persisted.OffsetCommitValueCodec;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The records of {@code __consumer_offsets}: committed positions, or the generations of groups. */
final class GroupRecords implements InternalFormatter.Decoder {
    private static final short OFFSET_KEY = 1;
    private static final short GROUP_KEY = 2;

    private final boolean offsets;

    /** @param offsets whether positions are printed, or else groups */
    GroupRecords(boolean offsets) {
        this.offsets = offsets;
    }

    @Override
    public boolean prints(short keyVersion) {
        return offsets ? keyVersion != GROUP_KEY : keyVersion > OFFSET_KEY;
    }

    @Override
    public JsonWriter key(WireReader in, short version) {
        if (version >= 0 && version <= OFFSET_KEY) {
            OffsetCommitKey key = OffsetCommitKeyCodec.read(in, version);
            return new JsonWriter()
                    .field("group", key.group())
                    .field("topic", key.topic())
                    .field("partition", key.partition());
        }
        if (version == GROUP_KEY) {
            return new JsonWriter()
                    .field("group", GroupMetadataKeyCodec.read(in, version).group());
        }
        return null;
    }

    @Override
    public JsonWriter value(WireReader in, short keyVersion, short version) {
        if (keyVersion == GROUP_KEY) {
            return version < 0 || version > GroupMetadataValueCodec.MAX_VERSION ? null : group(in, version);
        }
        boolean known = version >= 0 && version <= OffsetCommitValueCodec.MAX_VERSION && keyVersion <= OFFSET_KEY;
        return known ? offset(in, version) : null;
    }

    private static JsonWriter offset(WireReader in, short version) {
        OffsetCommitValue value = OffsetCommitValueCodec.read(in, version);
        JsonWriter json = new JsonWriter().field("offset", value.offset());
        if (version >= 3) {
            json.field("leaderEpoch", value.leaderEpoch());
        }
        json.field("metadata", value.metadata()).field("commitTimestamp", value.commitTimestamp());
        return version == 1 ? json.field("expireTimestamp", value.expireTimestamp()) : json;
    }

    private static JsonWriter group(WireReader in, short version) {
        GroupMetadataValue value = GroupMetadataValueCodec.read(in, version);
        JsonWriter json = new JsonWriter()
                .field("protocolType", value.protocolType())
                .field("generation", value.generation())
                .field("protocol", value.protocol())
                .field("leader", value.leader());
        if (version >= 2) {
            json.field("currentStateTimestamp", value.currentStateTimestamp());
        }
        List<JsonWriter> members = new ArrayList<>(value.members().size());
        value.members().forEach(member -> members.add(member(member, version)));
        return json.objects("members", members);
    }

    private static JsonWriter member(GroupMetadataValue.MemberMetadata member, short version) {
        JsonWriter json = new JsonWriter().field("memberId", member.memberId());
        if (version >= 3) {
            json.field("groupInstanceId", member.groupInstanceId());
        }
        json.field("clientId", member.clientId()).field("clientHost", member.clientHost());
        if (version >= 1) {
            json.field("rebalanceTimeout", member.rebalanceTimeout());
        }
        return json.field("sessionTimeout", member.sessionTimeout())
                .field("subscription", base64(member.subscription()))
                .field("assignment", base64(member.assignment()));
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
