package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.coordinator.runtime.RecordPosition;
import io.odradek.protocol.TopicPartition;
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
import io.odradek.protocol.wire.WireWriter;
import java.nio.ByteBuffer;

/** The records of {@code __consumer_offsets}, in the versions that Kafka 3.9 writes; all versions up to 4 are read. */
final class GroupRecords {
    private static final short OFFSET_KEY = 1;
    private static final short GROUP_KEY = 2;
    private static final short OFFSET_VALUE = 3;
    private static final short OFFSET_VALUE_WITH_EXPIRY = 1;
    private static final short GROUP_VALUE = 3;
    private static final int KEY_BYTES = 64;
    private static final int VALUE_BYTES = 64;

    private GroupRecords() {}

    static CoordinatorRecord offset(String group, TopicPartition partition, CommittedOffset committed) {
        short version =
                committed.expireTimestampMs() == CommittedOffset.NO_EXPIRY ? OFFSET_VALUE : OFFSET_VALUE_WITH_EXPIRY;
        var value = new OffsetCommitValue(
                committed.offset(),
                committed.leaderEpoch(),
                committed.metadata(),
                committed.commitTimestampMs(),
                committed.expireTimestampMs());
        WireWriter out = versioned(version, VALUE_BYTES);
        OffsetCommitValueCodec.write(out, value, version);
        return new CoordinatorRecord(offsetKey(group, partition), out.finishUnframed());
    }

    static CoordinatorRecord offsetTombstone(String group, TopicPartition partition) {
        return new CoordinatorRecord(offsetKey(group, partition), null);
    }

    static CoordinatorRecord group(String group, GroupMetadataValue metadata) {
        WireWriter out = versioned(GROUP_VALUE, VALUE_BYTES);
        GroupMetadataValueCodec.write(out, metadata, GROUP_VALUE);
        return new CoordinatorRecord(groupKey(group), out.finishUnframed());
    }

    static CoordinatorRecord groupTombstone(String group) {
        return new CoordinatorRecord(groupKey(group), null);
    }

    /**
     * Decodes a record and applies it to what is stored.
     *
     * @return the id of the group
     * @throws MalformedMessageException if it cannot be read, as a key of a version that belongs to another protocol
     */
    static String replay(CoordinatorRecord record, RecordPosition position, StoredGroups stored) {
        WireReader key = new WireReader(record.key());
        short keyVersion = key.readInt16();
        switch (keyVersion) {
            case 0, OFFSET_KEY -> {
                OffsetCommitKey id = OffsetCommitKeyCodec.read(key, keyVersion);
                stored.putOffset(
                        id.group(),
                        new TopicPartition(id.topic(), id.partition()),
                        record.value() == null ? null : readOffset(record.value(), position.offset()),
                        position);
                return id.group();
            }
            case GROUP_KEY -> {
                GroupMetadataKey id = GroupMetadataKeyCodec.read(key, keyVersion);
                stored.putMetadata(id.group(), record.value() == null ? null : readGroup(record.value()));
                return id.group();
            }
            default -> throw new MalformedMessageException("a key of version " + keyVersion);
        }
    }

    private static CommittedOffset readOffset(ByteBuffer value, long recordOffset) {
        WireReader in = new WireReader(value);
        short version = in.readInt16();
        OffsetCommitValue read = OffsetCommitValueCodec.read(in, version);
        return new CommittedOffset(
                read.offset(),
                read.leaderEpoch(),
                read.metadata(),
                read.commitTimestamp(),
                read.expireTimestamp(),
                recordOffset);
    }

    private static GroupMetadataValue readGroup(ByteBuffer value) {
        WireReader in = new WireReader(value);
        short version = in.readInt16();
        return GroupMetadataValueCodec.read(in, version);
    }

    private static ByteBuffer offsetKey(String group, TopicPartition partition) {
        WireWriter out = versioned(OFFSET_KEY, KEY_BYTES);
        OffsetCommitKeyCodec.write(
                out, new OffsetCommitKey(group, partition.topic(), partition.partition()), OFFSET_KEY);
        return out.finishUnframed();
    }

    private static ByteBuffer groupKey(String group) {
        WireWriter out = versioned(GROUP_KEY, KEY_BYTES);
        GroupMetadataKeyCodec.write(out, new GroupMetadataKey(group), GROUP_KEY);
        return out.finishUnframed();
    }

    private static WireWriter versioned(short version, int firstCapacityBytes) {
        WireWriter out = WireWriter.heap(firstCapacityBytes);
        out.writeInt16(version);
        return out;
    }
}
