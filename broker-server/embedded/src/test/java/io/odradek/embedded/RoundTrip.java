package io.odradek.embedded;

import io.odradek.server.embedded.EmbeddedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A program that starts a broker in its JVM and writes and reads a record of each codec, with an ordinary client. It says which
 * module the broker is in, and ends with status 0 if all of them came back.
 */
public final class RoundTrip {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RoundTrip() {}

    /**
     * @param codecs what to compress with
     * @throws Exception if a record did not go or come
     */
    public static void main(String[] codecs) throws Exception {
        TreeSet<String> written = new TreeSet<>(List.of(codecs));
        TreeSet<String> read = new TreeSet<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            System.out.println("the broker is in " + EmbeddedBroker.class.getModule());
            for (String codec : written) {
                write(broker.bootstrapServers(), codec);
            }
            read(broker.bootstrapServers(), written.size(), read);
        }
        if (!read.equals(written)) {
            throw new IllegalStateException("written " + written + ", read " + read);
        }
        System.out.println("read " + read);
    }

    static void write(String servers, String codec) throws Exception {
        write(Map.of("bootstrap.servers", servers), codec);
    }

    static void write(Map<String, Object> client, String codec) throws Exception {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("compression.type", codec);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("letters", codec)).get();
        }
    }

    static void read(String servers, int count, TreeSet<String> values) {
        read(Map.of("bootstrap.servers", servers), count, values);
    }

    static void read(Map<String, Object> client, int count, TreeSet<String> values) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("group.id", "readers");
        settings.put("auto.offset.reset", "earliest");
        Instant end = Instant.now().plus(PATIENCE);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("letters"));
            while (values.size() < count && Instant.now().isBefore(end)) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
        }
    }
}
