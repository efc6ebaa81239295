package io.odradek.server.clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The Java clients of a test with transactions: producers with ids of their own, and readers. They are closed together. */
public final class TransactionClients implements AutoCloseable {
    private final String servers;
    private final List<Runnable> closings = new ArrayList<>();

    /** @param servers the brokers' addresses */
    public TransactionClients(String servers) {
        this.servers = servers;
    }

    public void createTopic(String name, int partitions, int replicas) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) replicas)))
                    .all()
                    .get();
        }
    }

    /** {@return a producer that may begin its first transaction, of a minute at most} */
    public KafkaProducer<String, String> producer(String id) {
        return producer(id, 60_000);
    }

    public KafkaProducer<String, String> producer(String id, int timeoutMs) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "transactional.id",
                        id,
                        "transaction.timeout.ms",
                        timeoutMs,
                        "max.block.ms",
                        60_000),
                new StringSerializer(),
                new StringSerializer());
        closings.add(() -> producer.close(Duration.ZERO));
        producer.initTransactions();
        return producer;
    }

    public KafkaConsumer<String, String> consumer(String isolation, String group) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "isolation.level",
                        isolation,
                        "group.id",
                        group,
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        closings.add(consumer::close);
        return consumer;
    }

    /** {@return what is there of a topic, up to its end as the isolation level has it} */
    public List<String> read(String topic, String isolation) {
        KafkaConsumer<String, String> consumer = consumer(isolation, "reader");
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        List<String> values = new ArrayList<>();
        WholeRead.of(consumer, partitions, record -> values.add(record.value()));
        return values;
    }

    /** {@return the position of a group, which is waited for as long as one is in a transaction that has not ended yet} */
    public long position(String group, TopicPartition partition) {
        return consumer("read_committed", group)
                .committed(Set.of(partition))
                .get(partition)
                .offset();
    }

    @Override
    public void close() {
        closings.forEach(Runnable::run);
    }
}
