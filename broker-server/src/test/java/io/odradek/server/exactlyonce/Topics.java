package io.odradek.server.exactlyonce;

import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.WholeRead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a test does to its topics from outside. */
final class Topics implements AutoCloseable {
    private static final long ANSWER_WITHIN_MS = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Servers servers;
    private final int partitions;
    private final Admin admin;

    /** @param partitions of each topic */
    Topics(Servers servers, int partitions) {
        this.servers = servers;
        this.partitions = partitions;
        admin = Admin.create(Map.<String, Object>of(
                "bootstrap.servers", servers.bootstrapServers(), "reconnect.backoff.max.ms", 200));
    }

    void create(List<String> names) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        names.forEach(name -> topics.add(new NewTopic(name, partitions, servers.replicas())));
        admin.createTopics(topics).all().get();
    }

    /** Waits until every replica of every partition is in sync, so that whichever broker goes, another one can lead. */
    void awaitAllInSync() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            await().atMost(PATIENCE)
                    .until(() -> consumer.listTopics().values().stream()
                            .flatMap(List::stream)
                            .allMatch(partition -> partition.inSyncReplicas().length == servers.replicas()));
        }
    }

    /** {@return how many records of a topic a group has behind it; -1 if nobody can tell at the moment} */
    long passed(String group, String topic) throws InterruptedException {
        try {
            long passed = 0;
            for (Map.Entry<TopicPartition, OffsetAndMetadata> position : admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(ANSWER_WITHIN_MS, TimeUnit.MILLISECONDS)
                    .entrySet()) {
                if (position.getKey().topic().equals(topic) && position.getValue() != null) {
                    passed += position.getValue().offset();
                }
            }
            return passed;
        } catch (ExecutionException | TimeoutException away) {
            return -1;
        }
    }

    /** {@return where the partitions of a topic end for a reader of this isolation level} */
    Map<TopicPartition, Long> ends(String topic, String isolation) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
            return consumer.endOffsets(partitions(topic));
        }
    }

    /** Reads a topic from its beginning to its end, as this isolation level has it. */
    void read(String topic, String isolation, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
            WholeRead.of(consumer, partitions(topic), reader);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers.bootstrapServers(),
                        "isolation.level",
                        isolation,
                        "enable.auto.commit",
                        "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private List<TopicPartition> partitions(String topic) {
        List<TopicPartition> all = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            all.add(new TopicPartition(topic, i));
        }
        return all;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
