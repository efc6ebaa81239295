package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What ordinary clients of each kind do who have come in: they administer, write, and read in a group. */
final class Visit {
    private static final int RECORDS = 20;

    private Visit() {}

    static void pay(Map<String, Object> client, String topic, int replicas) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) replicas)))
                    .all()
                    .get();
            assertThat(admin.describeCluster().nodes().get()).hasSize(replicas);
            List<String> written = write(client, topic);
            assertThat(read(client, topic)).containsExactlyInAnyOrderElementsOf(written);
            assertThat(admin.listConsumerGroupOffsets(topic)
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .isNotEmpty();
        }
    }

    private static List<String> write(Map<String, Object> client, String topic) throws Exception {
        client.put("acks", "all");
        List<String> values = new ArrayList<>();
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                values.add("v" + i);
                sent.add(producer.send(new ProducerRecord<>(topic, "k" + i, "v" + i)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
        return values;
    }

    private static List<String> read(Map<String, Object> client, String topic) {
        client.put("group.id", topic);
        client.put("auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < RECORDS) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
            consumer.commitSync();
        }
        return values;
    }

    /** {@return the names of topics, for a client that may come in} */
    static Object names(Map<String, Object> client) throws Exception {
        try (Admin admin = Admin.create(client)) {
            return admin.listTopics().names().get();
        }
    }
}
