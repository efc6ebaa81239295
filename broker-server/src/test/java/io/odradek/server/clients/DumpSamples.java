package io.odradek.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Has a broker write what a dump of its folder should show: every codec, headers, nulls, groups, transactions. */
final class DumpSamples {
    private static final String[] CODECS = {"none", "gzip", "snappy", "lz4", "zstd"};
    private static final int RECORDS = 2_000;
    private static final int TRANSACTIONS = 6;
    private static final TopicPartition SAMPLE = new TopicPartition("sample", 0);
    private static final byte[] NO_TEXT = {(byte) 0xfe, 1, 2};

    private final String bootstrapServers;

    DumpSamples(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Records with and without keys, values and headers; a group with a member, committed positions, and a tombstone. */
    void write(Map<String, String> topicSettings) throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic("sample", 2, (short) 1).configs(topicSettings)))
                    .all()
                    .get();
        }
        for (int c = 0; c < CODECS.length; c++) {
            Map<String, Object> settings = Map.of(
                    "compression.type", CODECS[c], "enable.idempotence", c != 1, "batch.size", 1000, "linger.ms", 2);
            try (KafkaProducer<byte[], byte[]> producer = producer(settings)) {
                for (int i = c; i < RECORDS; i += CODECS.length) {
                    producer.send(record(i));
                }
            }
        }
        commit();
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
            admin.deleteConsumerGroupOffsets("gone", Set.of(SAMPLE)).all().get();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(int i) {
        byte[] key = i % 7 == 0 ? null : ("k" + i).getBytes(UTF_8);
        byte[] value = i % 5 == 3 ? null : i % 11 == 0 ? NO_TEXT : ("välue " + i).getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("sample", i % 2, key, value);
        if (i % 3 == 0) {
            record.headers()
                    .add("first", ("x" + i).getBytes(UTF_8))
                    .add("none", null)
                    .add("first", NO_TEXT);
        }
        return record;
    }

    private void commit() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("members")) {
            consumer.subscribe(List.of("sample"));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(100));
            }
            consumer.commitSync(Map.of(SAMPLE, new OffsetAndMetadata(42, Optional.of(0), "a note")));
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("gone")) {
            consumer.assign(List.of(SAMPLE));
            consumer.commitSync(Map.of(SAMPLE, new OffsetAndMetadata(1)));
        }
    }

    /** Transactions that write records and positions, committed and aborted in turn. */
    void writeTransactions() {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "in turn"));
                KafkaConsumer<byte[], byte[]> consumer = consumer("transactional")) {
            producer.initTransactions();
            for (int i = 0; i < TRANSACTIONS; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("sample", 0, ("t" + i).getBytes(UTF_8), null));
                producer.sendOffsetsToTransaction(Map.of(SAMPLE, new OffsetAndMetadata(i)), consumer.groupMetadata());
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrapServers);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "group.id", group);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
