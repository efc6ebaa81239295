package io.odradek.core.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.core.coordinator.runtime.RecordPosition;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.persisted.GroupMetadataValue;
import io.odradek.protocol.persisted.GroupMetadataValue.MemberMetadata;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.env.SimulatedWorld;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

/** The expected bytes were written by the record classes of Apache Kafka 3.9.2's group coordinator. */
class GroupRecordsTest {
    private static final String OFFSET_KEY = "00010001670005746f70696300000007";
    private static final String OFFSET_V3 = "0003000000000000002a0000000500046e6f74650000018bcfe56800";
    private static final String OFFSET_V1 = "0001000000000000002a00046e6f74650000018bcfe568000000018bcfe65260";
    private static final String OFFSET_V4 = "0004000000000000002a00000005056e6f74650000018bcfe5680000";
    private static final String GROUP_KEY = "0002000167";
    private static final String GROUP_V3 = "00030008636f6e73756d657200000003000572616e676500036d2d310000018bcfe56800"
            + "0000000100036d2d310003692d31000163000a2f3132372e302e302e310000ea600000271000000003010203000000020405";
    private static final String GROUP_V4 = "000409636f6e73756d6572000000030672616e6765046d2d310000018bcfe5680002"
            + "046d2d3104692d3102630b2f3132372e302e302e310000ea6000002710040102030304050000";
    private static final String GROUP_V0 = "00000008636f6e73756d657200000003000572616e676500036d2d3100000001"
            + "00036d2d31000163000a2f3132372e302e302e310000271000000003010203000000020405";
    private static final String EMPTY_V3 = "00030008636f6e73756d657200000004ffffffff0000018bcfe5680000000000";

    private static final long TIME_MS = 1_700_000_000_000L;
    private static final TopicPartition PARTITION = new TopicPartition("topic", 7);

    private final StoredGroups stored = new StoredGroups(new GroupMemory(
            MemoryAccount.unbounded().groups(), new FewLines(NOPLogger.NOP_LOGGER, new SimulatedWorld(0).clock())));

    @Test
    void aPositionIsWrittenAsKafkaWritesIt() {
        var record = GroupRecords.offset("g", PARTITION, new CommittedOffset(42, 5, "note", TIME_MS, -1));

        assertThat(hex(record.key())).isEqualTo(OFFSET_KEY);
        assertThat(hex(record.value())).isEqualTo(OFFSET_V3);
    }

    @Test
    void aPositionWithARetentionOfItsOwnIsWrittenInVersion1() {
        var record =
                GroupRecords.offset("g", PARTITION, new CommittedOffset(42, -1, "note", TIME_MS, TIME_MS + 60_000));

        assertThat(hex(record.value())).isEqualTo(OFFSET_V1);
    }

    @Test
    void aGenerationIsWrittenAsKafkaWritesIt() {
        var record = GroupRecords.group("g", generation("i-1", 60_000, TIME_MS));

        assertThat(hex(record.key())).isEqualTo(GROUP_KEY);
        assertThat(hex(record.value())).isEqualTo(GROUP_V3);
    }

    @Test
    void aGroupWithoutMembersIsWrittenAsKafkaWritesIt() {
        var record = GroupRecords.group("g", new GroupMetadataValue("consumer", 4, null, null, TIME_MS, List.of()));

        assertThat(hex(record.value())).isEqualTo(EMPTY_V3);
    }

    @Test
    void positionsOfEveryVersionAreRead() {
        replay(OFFSET_KEY, OFFSET_V3);
        assertThat(stored.offsets("g")).containsEntry(PARTITION, new CommittedOffset(42, 5, "note", TIME_MS, -1, 9));

        replay(OFFSET_KEY, OFFSET_V1);
        assertThat(stored.offsets("g"))
                .containsEntry(PARTITION, new CommittedOffset(42, -1, "note", TIME_MS, TIME_MS + 60_000, 9));

        replay(OFFSET_KEY, OFFSET_V4);
        assertThat(stored.offsets("g")).containsEntry(PARTITION, new CommittedOffset(42, 5, "note", TIME_MS, -1, 9));
    }

    @Test
    void generationsOfEveryVersionAreRead() {
        replay(GROUP_KEY, GROUP_V3);
        assertThat(stored.metadata("g")).isEqualTo(generation("i-1", 60_000, TIME_MS));

        replay(GROUP_KEY, GROUP_V4);
        assertThat(stored.metadata("g")).isEqualTo(generation("i-1", 60_000, TIME_MS));

        replay(GROUP_KEY, GROUP_V0);
        assertThat(stored.metadata("g")).isEqualTo(generation(null, -1, -1));
    }

    @Test
    void tombstonesTakeOutWhatTheyName() {
        replay(OFFSET_KEY, OFFSET_V3);
        replay(GROUP_KEY, GROUP_V3);

        replay(OFFSET_KEY, null);
        replay(GROUP_KEY, null);

        assertThat(stored.ids()).isEmpty();
    }

    @Test
    void aKeyOfAnotherProtocolIsNoneOfOurs() {
        assertThatThrownBy(() -> replay("0003000167", "00000000")).isInstanceOf(MalformedMessageException.class);
        assertThat(stored.ids()).isEmpty();
    }

    @Test
    void aValueThatIsNoneChangesNothing() {
        replay(OFFSET_KEY, OFFSET_V3);

        for (String value : new String[] {"", "00", "0009", OFFSET_V3.substring(0, 30), "ffff0000"}) {
            assertThatThrownBy(() -> replay(OFFSET_KEY, value)).isInstanceOf(MalformedMessageException.class);
            assertThatThrownBy(() -> replay(GROUP_KEY, value)).isInstanceOf(MalformedMessageException.class);
        }

        assertThat(stored.ids()).containsExactly("g");
        assertThat(stored.metadata("g")).isNull();
        assertThat(stored.offsets("g")).containsEntry(PARTITION, new CommittedOffset(42, 5, "note", TIME_MS, -1, 9));
    }

    private static GroupMetadataValue generation(String instanceId, int rebalanceTimeoutMs, long sinceMs) {
        var member = new MemberMetadata(
                "m-1",
                instanceId,
                "c",
                "/127.0.0.1",
                rebalanceTimeoutMs,
                10_000,
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                ByteBuffer.wrap(new byte[] {4, 5}));
        return new GroupMetadataValue("consumer", 3, "range", "m-1", sinceMs, List.of(member));
    }

    private void replay(String key, String value) {
        var record = new CoordinatorRecord(buffer(key), value == null ? null : buffer(value));
        GroupRecords.replay(record, RecordPosition.at(9), stored);
    }

    private static ByteBuffer buffer(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
