package io.odradek.server.oldfolders;

import io.odradek.server.clients.WholeRead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A record of partition 0 of a topic as its reader gets it.
 *
 * @param timestampType {@code CreateTime}, {@code LogAppendTime} or {@code NoTimestampType}
 * @param timestampMs -1 for none
 * @param key may be null
 * @param value may be null
 */
record ReadRecord(String topic, long offset, String timestampType, long timestampMs, String key, String value) {
    private static final int FIELDS = 6;
    private static final String NULL = "null";

    static ReadRecord of(ConsumerRecord<String, String> record) {
        return new ReadRecord(
                record.topic(),
                record.offset(),
                record.timestampType().toString(),
                record.timestamp(),
                record.key(),
                record.value());
    }

    /** {@return what a line says} @param line as {@link #line()} writes it */
    static ReadRecord parse(String line) {
        String[] fields = line.split("\t", FIELDS);
        int field = 0;
        return new ReadRecord(
                fields[field++],
                Long.parseLong(fields[field++]),
                fields[field++],
                Long.parseLong(fields[field++]),
                textOrNull(fields[field++]),
                textOrNull(fields[field]));
    }

    private static String textOrNull(String text) {
        return text.equals(NULL) ? null : text;
    }

    /** {@return the record once it is in a batch of magic 2, which knows no other than these two types} */
    ReadRecord inBatch() {
        String type = timestampType.equals("NoTimestampType") ? "CreateTime" : timestampType;
        return new ReadRecord(topic, offset, type, timestampMs, key, value);
    }

    String line() {
        return topic + "\t" + offset + "\t" + timestampType + "\t" + timestampMs + "\t" + key + "\t" + value;
    }

    /** {@return what a consumer of today reads} @param topics of which the first partition is read */
    static List<ReadRecord> all(String bootstrapServers, Collection<String> topics) {
        List<ReadRecord> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServers, Map.of())) {
            for (String topic : topics) {
                WholeRead.of(
                        consumer, List.of(new TopicPartition(topic, 0)), record -> records.add(ReadRecord.of(record)));
            }
        }
        return records;
    }

    static KafkaConsumer<String, String> consumer(String bootstrapServers, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("check.crcs", true);
        // What waits at the end of one topic would hold up the next.
        settings.put("fetch.max.wait.ms", 10);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
