package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionFolderNameTest {
    @Test
    void aPartitionsFolderIsNamedTopicDashNumber() {
        assertThat(PartitionFolderName.parse("orders-7")).contains(new TopicPartition("orders", 7));
        assertThat(PartitionFolderName.parse("a-b.c_d-0-12")).contains(new TopicPartition("a-b.c_d-0", 12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders",
                "-7",
                "orders-",
                "orders-x",
                "orders-07",
                "orders-9999999999",
                "lost+found",
                "orders-0-stray",
                "__cluster_metadata-0",
                "orders-0.0123456789abcdef0123456789abcdef-delete"
            })
    void otherFoldersAreNot(String name) {
        assertThat(PartitionFolderName.parse(name)).isEmpty();
    }

    @Test
    void aDeletedOneHasAUniqueNumberAndFitsIntoAFileName() {
        String name = PartitionFolderName.deleted(new TopicPartition("orders", 7), new Uuid(0x1L, 0xffL));
        assertThat(name).isEqualTo("orders-7.000000000000000100000000000000ff-delete");
        assertThat(PartitionFolderName.isDeleted(name)).isTrue();
        String longest = PartitionFolderName.deleted(new TopicPartition("t".repeat(249), 7), new Uuid(1, 2));
        assertThat(longest).hasSize(255).endsWith("-delete");
        assertThat(PartitionFolderName.isDeleted("orders-delete")).isFalse();
    }
}
