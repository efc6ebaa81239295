import java.io.FileReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The steps of OldClientsTest with a Java client from 0.10.2 on: produces COUNT records with each codec, reads them alone and in a
 * group that goes on after its commit, and prints what a new client has written to RECENT.
 *
 * <p>usage: java OldRoundTrip.java BOOTSTRAP TOPIC COUNT RECENT [SETTINGS]
 */
public final class OldRoundTrip {
    private static final List<String> CODECS = Arrays.asList("none", "gzip", "snappy", "lz4");
    private static final long POLL_MS = 500;
    private static final long START_MS = System.currentTimeMillis();

    /** What producers and consumers have in common. */
    private static final Properties COMMON = new Properties();

    public static void main(String[] arguments) throws Exception {
        COMMON.put("bootstrap.servers", arguments[0]);
        if (arguments.length > 4) {
            try (Reader reader = new FileReader(arguments[4])) {
                COMMON.load(reader);
            }
        }
        String topic = arguments[1];
        int count = Integer.parseInt(arguments[2]);
        for (String codec : CODECS) {
            produce(topic, codec, count);
        }
        int all = CODECS.size() * count;
        try (KafkaConsumer<String, String> alone = consumer(null)) {
            alone.assign(partitions(alone, topic));
            check(read(alone, all), all);
        }
        Set<String> read = new HashSet<>();
        for (int until : new int[] {all / 2, all}) {
            try (KafkaConsumer<String, String> member = consumer(topic + "-group")) {
                member.subscribe(Collections.singleton(topic));
                int before = read.size();
                List<String> more = read(member, until - before);
                read.addAll(more);
                if (read.size() != before + more.size()) {
                    throw new IllegalStateException("read again what was committed");
                }
                member.commitSync();
            }
        }
        check(read, all);
        try (KafkaConsumer<String, String> alone = consumer(null)) {
            alone.assign(partitions(alone, arguments[3]));
            String last = "";
            while (!last.equals("end")) {
                for (ConsumerRecord<String, String> record : alone.poll(POLL_MS)) {
                    last = record.value();
                    System.out.println(record.key() + " " + last);
                }
            }
        }
        System.out.println("ok " + read.size());
        System.exit(0);
    }

    private static Properties settings() {
        Properties settings = new Properties();
        settings.putAll(COMMON);
        return settings;
    }

    private static void produce(String topic, String codec, int count) throws Exception {
        Properties settings = settings();
        settings.put("acks", "all");
        settings.put("compression.type", codec);
        settings.put("linger.ms", 5);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String key = codec + "-" + i;
                sent.add(producer.send(new ProducerRecord<>(topic, null, timestampMs(key), key, value(key))));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(key.indexOf('-') + 1));
    }

    private static long timestampMs(String key) {
        return START_MS + number(key);
    }

    private static String value(String key) {
        StringBuilder value = new StringBuilder(key);
        for (int i = number(key) % 400; i > 0; i--) {
            value.append('.');
        }
        return value.toString();
    }

    private static KafkaConsumer<String, String> consumer(String group) {
        Properties settings = settings();
        if (group != null) {
            settings.put("group.id", group);
        }
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.partition.fetch.bytes", 20_000);
        settings.put("max.poll.records", 50);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo info : consumer.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, info.partition()));
        }
        return partitions;
    }

    /** Reads on until it has so many records, or some more. */
    private static List<String> read(KafkaConsumer<String, String> consumer, int atLeast) {
        List<String> keys = new ArrayList<>();
        while (keys.size() < atLeast) {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL_MS)) {
                String key = record.key();
                if (!record.value().equals(value(key)) || record.timestamp() != timestampMs(key)) {
                    throw new IllegalStateException("came back changed: " + record);
                }
                keys.add(key);
            }
        }
        return keys;
    }

    private static void check(Collection<String> keys, int count) {
        if (keys.size() != count || new HashSet<>(keys).size() != count) {
            throw new IllegalStateException(keys.size() + " records of " + count);
        }
    }
}
