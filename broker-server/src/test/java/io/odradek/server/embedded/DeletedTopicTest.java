package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DeletedTopicTest {
    private static final TopicPartition GONE = new TopicPartition("gone", 0);
    private static final TopicPartition KEPT = new TopicPartition("kept", 0);

    @Test
    void aTopicCreatedUnderTheNameOfADeletedOneIsReadFromItsStart() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(topic("gone"), topic("kept"))).all().get();
            admin.alterConsumerGroupOffsets(
                            "group", Map.of(GONE, new OffsetAndMetadata(5), KEPT, new OffsetAndMetadata(7)))
                    .all()
                    .get();

            admin.deleteTopics(List.of("gone")).all().get();
            admin.createTopics(List.of(topic("gone"))).all().get();

            assertThat(admin.listConsumerGroupOffsets("group")
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .containsOnlyKeys(KEPT);
        }
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, 1, (short) 1);
    }
}
