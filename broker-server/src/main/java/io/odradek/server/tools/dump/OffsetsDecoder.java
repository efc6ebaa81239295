package io.odradek.server.tools.dump;

import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.persisted.GroupMetadataKey;
import io.odradek.protocol.persisted.GroupMetadataKeyCodec;
import io.odradek.protocol.persisted.GroupMetadataValue;
import io.odradek.protocol.persisted.GroupMetadataValueCodec;
import io.odradek.protocol.persisted.OffsetCommitKey;
import io.odradek.protocol.persisted.OffsetCommitKeyCodec;
import io.odradek.protocol.persisted.OffsetCommitValue;
import io.odradek.protocol.persisted.OffsetCommitValueCodec;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The records of {@code __consumer_offsets}: generations of groups, and their committed positions. */
final class OffsetsDecoder implements RecordDecoder {
    private static final short OFFSET_KEY = 1;
    private static final short GROUP_KEY = 2;

    @Override
    public String topic() {
        return "__consumer_offsets";
    }

    @Override
    public DecodedRecord decode(ByteBuffer key, ByteBuffer value) {
        if (key == null) {
            throw new MalformedMessageException("there is no key");
        }
        WireReader in = new WireReader(key);
        short type = in.readInt16();
        JsonWriter keyData;
        JsonWriter valueJson;
        if (type >= 0 && type <= OFFSET_KEY) {
            OffsetCommitKey read = OffsetCommitKeyCodec.read(in, type);
            keyData = new JsonWriter()
                    .field("group", read.group())
                    .field("topic", read.topic())
                    .field("partition", read.partition());
            valueJson = value == null ? null : offset(new WireReader(value));
        } else if (type == GROUP_KEY) {
            GroupMetadataKey read = GroupMetadataKeyCodec.read(in, type);
            keyData = new JsonWriter().field("group", read.group());
            valueJson = value == null ? null : group(new WireReader(value));
        } else {
            throw new MalformedMessageException("keys of type " + type + " belong to another kind of groups");
        }
        JsonWriter keyJson =
                new JsonWriter().field("type", Short.toString(type)).field("data", keyData);
        return new DecodedRecord(
                keyJson.text(), valueJson == null ? DecodedRecord.DELETE : valueJson.text(), keyJson, valueJson);
    }

    private static JsonWriter offset(WireReader in) {
        short version = in.readInt16();
        OffsetCommitValue read = OffsetCommitValueCodec.read(in, version);
        JsonWriter data = new JsonWriter().field("offset", read.offset());
        if (version >= 3) {
            data.field("leaderEpoch", read.leaderEpoch());
        }
        data.field("metadata", read.metadata()).field("commitTimestamp", read.commitTimestamp());
        if (version == 1) {
            data.field("expireTimestamp", read.expireTimestamp());
        }
        return versioned(version, data);
    }

    private static JsonWriter group(WireReader in) {
        short version = in.readInt16();
        GroupMetadataValue read = GroupMetadataValueCodec.read(in, version);
        JsonWriter data = new JsonWriter()
                .field("protocolType", read.protocolType())
                .field("generation", read.generation())
                .field("protocol", read.protocol())
                .field("leader", read.leader());
        if (version >= 2) {
            data.field("currentStateTimestamp", read.currentStateTimestamp());
        }
        boolean consumers = ConsumerProtocol.TYPE.equals(read.protocolType());
        List<JsonWriter> members = new ArrayList<>(read.members().size());
        for (GroupMetadataValue.MemberMetadata member : read.members()) {
            members.add(member(member, version, consumers));
        }
        return versioned(version, data.objects("members", members));
    }

    private static JsonWriter member(GroupMetadataValue.MemberMetadata member, short version, boolean consumer) {
        JsonWriter json = new JsonWriter().field("memberId", member.memberId());
        if (version >= 3) {
            json.field("groupInstanceId", member.groupInstanceId());
        }
        json.field("clientId", member.clientId()).field("clientHost", member.clientHost());
        if (version >= 1) {
            json.field("rebalanceTimeout", member.rebalanceTimeout());
        }
        json.field("sessionTimeout", member.sessionTimeout());
        if (consumer) {
            return json.field("subscription", ConsumerProtocol.subscription(member.subscription()))
                    .field("assignment", ConsumerProtocol.assignment(member.assignment()));
        }
        return json.field("subscription", RecordText.base64(member.subscription()))
                .field("assignment", RecordText.base64(member.assignment()));
    }

    private static JsonWriter versioned(short version, JsonWriter data) {
        return new JsonWriter().field("version", Short.toString(version)).field("data", data);
    }
}
