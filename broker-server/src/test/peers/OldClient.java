import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A client of Kafka's as of 0.10.2: does what the lines of its standard input say, and ends each answer with a line "done".
 *
 *   send TOPIC CODEC FROM TO [KEYS]   sends records FROM to TO, exclusively, in batches of a few; with as many keys, or without
 *   end TOPIC KEY...                  sends records without a value
 *   group GROUP TOPIC COUNT NOTE      joins a group, reads so many records, and commits its position
 *   stay GROUP TOPIC                  joins a group and stays in it until the end
 *   read TOPIC OFFSET END             prints the records from an offset until the position is END
 *   lookup TOPIC TIMESTAMP            prints the first offset that is not earlier
 *   committed GROUP TOPIC             prints a committed position
 */
public class OldClient {
    private static final long FIRST_TIMESTAMP = 1480000000000L;
    private static final long PATIENCE_MS = 60000;
    private static final List<AutoCloseable> STAYING = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            obey(arguments[0], line.split(" "));
            System.out.println("done");
        }
        Runtime.getRuntime().halt(0); // Members stay: nobody leaves.
    }

    private static void obey(String servers, String[] words) throws Exception {
        String[] rest = Arrays.copyOfRange(words, 2, words.length);
        switch (words[0]) {
            case "send" -> send(servers, words[1], rest);
            case "end" -> end(servers, words[1], rest);
            case "group" -> group(servers, words[1], rest);
            case "stay" -> stay(servers, words[1], rest[0]);
            case "read" -> read(servers, words[1], Long.parseLong(rest[0]), Long.parseLong(rest[1]));
            case "lookup" -> lookup(servers, words[1], Long.parseLong(rest[0]));
            case "committed" -> committed(servers, words[1], rest[0]);
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static KafkaProducer<String, String> producer(String servers, String codec) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", servers);
        settings.put("compression.type", codec);
        settings.put("acks", "all");
        settings.put("batch.size", "700");
        settings.put("linger.ms", "1000");
        settings.put("retries", "100");
        settings.put("max.in.flight.requests.per.connection", "1");
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String servers, String group) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", servers);
        settings.put("group.id", group);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", "10");
        settings.put("fetch.max.wait.ms", "50");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static void send(String servers, String topic, String[] rest) throws Exception {
        int from = Integer.parseInt(rest[1]);
        int to = Integer.parseInt(rest[2]);
        int keys = rest.length > 3 ? Integer.parseInt(rest[3]) : 0;
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(servers, rest[0])) {
            for (int i = from; i < to; i++) {
                String key = keys > 0 ? "k" + i % keys : null;
                char[] padding = new char[i % 90];
                Arrays.fill(padding, '-');
                String value = keys == 0 && i % 13 == 0 ? null : "v" + i + new String(padding);
                sent.add(producer.send(new ProducerRecord<>(topic, 0, FIRST_TIMESTAMP + i * 1000L, key, value)));
            }
        }
        for (Future<?> each : sent) {
            each.get();
        }
    }

    private static void end(String servers, String topic, String[] keys) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(servers, "none")) {
            for (String key : keys) {
                sent.add(producer.send(new ProducerRecord<>(topic, 0, FIRST_TIMESTAMP, key, null)));
            }
        }
        for (Future<?> each : sent) {
            each.get();
        }
    }

    private static void group(String servers, String group, String[] rest) {
        int wanted = Integer.parseInt(rest[1]);
        try (KafkaConsumer<String, String> consumer = consumer(servers, group)) {
            consumer.subscribe(Collections.singletonList(rest[0]));
            long deadline = System.currentTimeMillis() + PATIENCE_MS;
            for (int seen = 0; seen < wanted; ) {
                seen += consumer.poll(100).count();
                check(deadline);
            }
            consumer.commitSync(Collections.singletonMap(
                    new TopicPartition(rest[0], 0), new OffsetAndMetadata(wanted, rest[2])));
        }
    }

    private static void stay(String servers, String group, String topic) {
        KafkaConsumer<String, String> consumer = consumer(servers, group);
        consumer.subscribe(Collections.singletonList(topic));
        long deadline = System.currentTimeMillis() + PATIENCE_MS;
        while (consumer.assignment().isEmpty()) {
            consumer.poll(100);
            check(deadline);
        }
        consumer.commitSync(Collections.singletonMap(new TopicPartition(topic, 0), new OffsetAndMetadata(3)));
        STAYING.add(consumer);
    }

    private static void read(String servers, String topic, long from, long end) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(servers, "reader")) {
            consumer.assign(Collections.singletonList(partition));
            consumer.seek(partition, from);
            long deadline = System.currentTimeMillis() + PATIENCE_MS;
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(100)) {
                    System.out.println(record.offset() + "\t" + record.timestampType() + "\t" + record.timestamp() + "\t"
                            + record.key() + "\t" + record.value());
                }
                check(deadline);
            }
        }
    }

    private static void lookup(String servers, String topic, long timestamp) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(servers, "reader")) {
            Map<TopicPartition, OffsetAndTimestamp> found =
                    consumer.offsetsForTimes(Collections.singletonMap(partition, timestamp));
            OffsetAndTimestamp first = found.get(partition);
            System.out.println(first == null ? "none" : first.offset() + "\t" + first.timestamp());
        }
    }

    private static void committed(String servers, String group, String topic) {
        try (KafkaConsumer<String, String> consumer = consumer(servers, group)) {
            OffsetAndMetadata position = consumer.committed(new TopicPartition(topic, 0));
            System.out.println(position == null ? "none" : position.offset() + "\t" + position.metadata());
        }
    }

    private static void check(long deadline) {
        if (System.currentTimeMillis() > deadline) {
            throw new IllegalStateException("Not in a minute");
        }
    }
}
