package io.odradek.server.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that may have few files and sockets open refuses connections before it touches the limit, and serves more
 * partitions than it may have files. {@code -Dpartitions.many=10000} takes so many through its life, with 4096 files and 256
 * MiB of heap, and prints what that takes.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FewDescriptorsTest {
    private static final int FEW = 256;
    private static final int KEPT_BACK = 16;
    private static final int CONNECTIONS = 220;
    private static final int PARTITIONS_OF_TOPIC = 200;
    private static final int MANY = Integer.getInteger("partitions.many", 0);

    @TempDir
    Path folder;

    @Test
    void idleConnectionsAreRefusedAndTheOthersServed() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (LimitedBroker broker = new LimitedBroker(folder, FEW, "-Xmx256m");
                Admin admin = broker.admin()) {
            create(admin, "before", 1);
            for (int i = 0; i < CONNECTIONS; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), broker.port()));
            }
            create(admin, "meanwhile", 10);
            assertThat(broker.open()).isLessThan(FEW - KEPT_BACK);
            assertThat(broker.told()).contains("ulimit -n " + FEW).doesNotContain("offline");
            for (Socket socket : idle) {
                socket.close();
            }
            try (Admin another = broker.admin()) {
                create(another, "after", 1);
                assertThat(another.listTopics().names().get()).contains("before", "meanwhile", "after");
            }
        }
    }

    @Test
    void morePartitionsThanFilesAreCreatedWrittenRestartedReadAndDeleted() throws Exception {
        int partitions = MANY > 0 ? MANY : FEW + 64;
        int descriptors = MANY > 0 ? 4096 : FEW;
        try (LimitedBroker broker = new LimitedBroker(folder, descriptors, "-Xmx256m")) {
            Stages stages = new Stages(broker);
            List<TopicPartition> all = new ArrayList<>();
            try (Admin admin = broker.admin()) {
                for (int first = 0; first < partitions; first += PARTITIONS_OF_TOPIC) {
                    int count = Math.min(PARTITIONS_OF_TOPIC, partitions - first);
                    String topic = "t" + first;
                    create(admin, topic, count);
                    for (int i = 0; i < count; i++) {
                        all.add(new TopicPartition(topic, i));
                    }
                }
            }
            stages.end("created");
            write(broker, all, 1);
            stages.end("written");
            broker.restart();
            stages.end("restarted");
            assertThat(broker.open()).isLessThan(descriptors / 2);
            assertThat(read(broker, all)).hasSize(partitions);
            stages.end("read");
            write(broker, all, 2);
            assertThat(read(broker, all)).hasSize(partitions);
            stages.end("written and read again");
            try (Admin admin = broker.admin()) {
                Set<String> topics = admin.listTopics().names().get();
                admin.deleteTopics(topics).all().get();
                assertThat(admin.listTopics().names().get()).isEmpty();
            }
            stages.end("deleted");
            assertThat(broker.open()).isLessThan(descriptors - KEPT_BACK);
            assertThat(broker.told()).doesNotContain("offline").doesNotContain("Too many open files");
        }
    }

    private static void create(Admin admin, String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
    }

    private static void write(LimitedBroker broker, List<TopicPartition> partitions, int value) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", "127.0.0.1:" + broker.port());
        settings.put("delivery.timeout.ms", 600_000);
        settings.put("request.timeout.ms", 120_000);
        settings.put("max.block.ms", 120_000);
        settings.put("buffer.memory", 256L << 20);
        try (KafkaProducer<Integer, Integer> producer =
                new KafkaProducer<>(settings, new IntegerSerializer(), new IntegerSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (TopicPartition partition : partitions) {
                sent.add(producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), value, value)));
            }
            for (Future<RecordMetadata> answer : sent) {
                assertThat(answer.get().offset()).isEqualTo(value - 1L);
            }
        }
    }

    /** {@return the partitions in which all records were found up to their ends} */
    private static Set<TopicPartition> read(LimitedBroker broker, List<TopicPartition> partitions) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + broker.port(),
                "auto.offset.reset",
                "none",
                "max.poll.records",
                5_000);
        Set<TopicPartition> seen = new HashSet<>();
        try (KafkaConsumer<Integer, Integer> consumer =
                new KafkaConsumer<>(settings, new IntegerDeserializer(), new IntegerDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, Duration.ofMinutes(2));
            while (seen.size() < partitions.size()) {
                for (ConsumerRecord<Integer, Integer> record : consumer.poll(Duration.ofSeconds(1))) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() + 1 == ends.get(partition)) {
                        seen.add(partition);
                    }
                }
            }
        }
        return seen;
    }

    /** Prints how long the parts take, and what the broker has open after each. */
    private static final class Stages {
        private final LimitedBroker broker;
        private long startedNs = System.nanoTime();

        private Stages(LimitedBroker broker) {
            this.broker = broker;
        }

        private void end(String name) throws Exception {
            long ms = (System.nanoTime() - startedNs) / 1_000_000;
            System.out.println("FewDescriptorsTest: " + name + " in " + ms + " ms, " + broker.open() + " descriptors");
            startedNs = System.nanoTime();
        }
    }
}
