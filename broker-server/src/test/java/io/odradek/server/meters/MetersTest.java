package io.odradek.server.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.KeptMeters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker counts when somebody counts, and that it shows nothing any more of what is gone. */
class MetersTest {
    private static final int RECORDS = 100;

    @TempDir
    Path folder;

    private final KeptMeters meters = new KeptMeters();

    @Test
    void whatABrokerDoesIsCountedInEveryRoom() throws Exception {
        BrokerConfig config = BrokerConfig.of(new TreeMap<>(Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "log.dirs", folder.toString(),
                "log.flush.policy", "commit",
                "offsets.topic.replication.factor", "1")));
        BrokerOptions options = new BrokerOptions(
                Transport.NIO, true, meters, InProcessHome.journalled(JournalSettings.EMBEDDED), (failed, cause) -> {});
        try (Broker broker = Broker.start(config, options)) {
            String address = broker.advertised().values().iterator().next().hostAndPort();
            produce(address);
            consume(address);

            assertThat(meters.counted("topic.produce.requests", "topic", "t")).isPositive();
            assertThat(meters.counted("request.bytes", "api", "PRODUCE")).isGreaterThan(RECORDS * 10L);
            await().untilAsserted(() -> assertThat(meters.counted("request.total.time", "api", "PRODUCE"))
                    .isEqualTo(meters.counted("request.bytes.times", "api", "PRODUCE")));
            assertThat(meters.counted("request.wait.time.sum", "api", "FETCH")).isPositive();
            assertThat(meters.counted("response.bytes", "api", "FETCH")).isGreaterThan(RECORDS * 10L);
            assertThat(meters.counted("topic.records.in", "topic", "t")).isEqualTo(RECORDS);
            assertThat(meters.counted("topic.bytes.out", "topic", "t")).isGreaterThan(RECORDS * 10L);
            assertThat(meters.counted("log.flush.time")).isPositive();
            assertThat(meters.counted("commit.asked", "folder", folder.toString()))
                    .isPositive();
            assertThat(meters.counted("commit.force.time", "folder", folder.toString()))
                    .isPositive();
            assertThat(meters.counted("purgatory.parked")).isPositive();
            assertThat(meters.counted("purgatory.expired")).isPositive();
            assertThat(meters.shown("loop.cpu.ns", "loop", "cluster")).isPositive();
            assertThat(meters.shown("replicas.leading")).isPositive();
            assertThat(meters.shown("partitions.under.replicated")).isZero();
            assertThat(meters.shown("purgatory.size", "kind", "PRODUCE")).isZero();
            assertThat(meters.counted("controller.elections")).isEqualTo(1);
            assertThat(meters.shown("controller.active")).isEqualTo(1);
            assertThat(meters.shown("cluster.partitions.offline")).isZero();
            assertThat(meters.shown("log.end.offset", "topic", "t", "partition", "0"))
                    .isEqualTo(RECORDS);
            assertThat(meters.shown("memory.limit", "share", "groups")).isPositive();

            delete(address);
            await().untilAsserted(() -> assertThat(meters.shown("log.size", "topic", "t", "partition", "0"))
                    .isNull());
        }
        assertThat(meters.shown("controller.active")).isZero();
    }

    private static void produce(String address) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("t", 0, "key", "value-" + i));
            }
            producer.flush();
        }
    }

    /** Reads to the end and waits there until a fetch has waited in vain. */
    private void consume(String address) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", address, "fetch.max.wait.ms", "50", "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("t", 0)));
            int[] seen = new int[1];
            await().until(() -> {
                seen[0] += consumer.poll(Duration.ofMillis(20)).count();
                return seen[0] == RECORDS && meters.counted("purgatory.expired") > 0;
            });
        }
    }

    private static void delete(String address) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.deleteTopics(List.of("t")).all().get();
            await().until(() -> {
                try {
                    return !admin.listTopics().names().get().contains("t");
                } catch (UnknownTopicOrPartitionException gone) {
                    return true;
                }
            });
        }
    }
}
