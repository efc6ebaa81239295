package io.odradek.server.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.WholeRead;
import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A batch of {@code __transaction_state} rots on the disk while the broker is down. */
@Timeout(120)
class CorruptTransactionsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    Path folder;

    private int port;

    @Test
    void anIdWhoseRecordRotsComesBackAndTheOthersInItsPartitionGoOn() throws Exception {
        KafkaProducer<String, String> sound;
        try (EmbeddedBroker broker = start()) {
            String servers = broker.bootstrapServers();
            port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
            try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
                admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                        .all()
                        .get();
            }
            try (KafkaProducer<String, String> rotten = begin(servers, "rotten")) {
                rotten.commitTransaction();
            }
            sound = begin(servers, "sound");
        }
        rot("rotten");

        try (EmbeddedBroker broker = start();
                sound) {
            sound.send(new ProducerRecord<>(PARTITION.topic(), 0, null, "sound, continued"));
            sound.commitTransaction();
            try (KafkaProducer<String, String> anew = begin(broker.bootstrapServers(), "rotten")) {
                anew.commitTransaction();
            }
            assertThat(committed(broker.bootstrapServers()))
                    .containsExactly("rotten", "sound", "sound, continued", "rotten");
        }
    }

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder()
                .logFolder(folder)
                .port(port)
                .setting("transaction.state.log.num.partitions", "1")
                .start();
    }

    private static KafkaProducer<String, String> begin(String servers, String id) throws Exception {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "transactional.id", id, "transaction.timeout.ms", 600_000),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(PARTITION.topic(), 0, null, id)).get();
        return producer;
    }

    /** Changes a byte of the last record of the id. */
    private void rot(String id) throws IOException {
        Path log = folder.resolve("__transaction_state-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        int at = new String(bytes, ISO_8859_1).lastIndexOf(id);
        assertThat(at).isPositive();
        bytes[at] ^= 1;
        Files.write(log, bytes);
    }

    private static List<String> committed(String servers) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            WholeRead.of(consumer, List.of(PARTITION), record -> values.add(record.value()));
        }
        return values;
    }
}
