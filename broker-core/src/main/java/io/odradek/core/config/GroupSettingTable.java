package io.odradek.core.config;

import static io.odradek.core.config.Allowed.between;

/**
 * The settings of a consumer group, as Apache Kafka 3.9 has them (KIP-848). They are of groups of the newer protocol: those of
 * the classic one bring theirs along with each member.
 */
public final class GroupSettingTable {
    private static final SettingTable TABLE = declare();

    private GroupSettingTable() {}

    /** {@return the settings} */
    public static SettingTable table() {
        return TABLE;
    }

    private static SettingTable declare() {
        SettingTable table = new SettingTable();
        table.int32(
                "consumer.heartbeat.interval.ms",
                5000,
                between(5000, 15000),
                "How often members of a group of the consumer protocol are to be heard of");
        table.int32(
                "consumer.session.timeout.ms",
                45000,
                between(45000, 60000),
                "How long one of them may be silent before it is removed");
        return table;
    }
}
