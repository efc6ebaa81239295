package io.odradek.server.oldclients;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.Finished;
import io.odradek.server.clients.Peer;
import io.odradek.server.clients.RunningKafka;
import io.odradek.server.clients.WholeRead;
import io.odradek.server.embedded.EmbeddedBroker;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A broker, and what a current client writes for the old ones and reads of theirs. By hand, with {@code -Dold.clients.kafka=true}, the
 * broker is one of Apache Kafka 3.9.2.
 */
final class OldClientsBed implements Closeable {
    /** How many records an old client writes with each codec. */
    static final int COUNT = 500;

    private static final boolean KAFKA = Boolean.getBoolean("old.clients.kafka");
    private static final Duration LIMIT = Duration.ofSeconds(120);
    /** Less than most batches have. Kafka has nothing for who asks so little of it in the versions that have a hard limit. */
    private static final String FETCH_BYTES = KAFKA ? "1000000" : "20000";

    private static final int RECENT_BATCH = 100;
    private static final String END = "end end";

    private final Closeable broker;
    private final String servers;

    private OldClientsBed(Closeable broker, String servers) {
        this.broker = broker;
        this.servers = servers;
    }

    static OldClientsBed start(Path folder) throws Exception {
        if (KAFKA) {
            RunningKafka kafka = RunningKafka.start(
                    new Peer("3.9.2", folder.resolve("peer")),
                    folder,
                    folder.resolve("data"),
                    "log.segment.bytes=1048576",
                    "group.initial.rebalance.delay.ms=0",
                    "transaction.state.log.replication.factor=1",
                    "transaction.state.log.min.isr=1",
                    "transaction.state.log.num.partitions=1",
                    "group.min.session.timeout.ms=1000");
            return new OldClientsBed(kafka::close, kafka.bootstrapServers());
        }
        EmbeddedBroker broker = EmbeddedBroker.builder()
                .setting("group.min.session.timeout.ms", "1000")
                .start();
        return new OldClientsBed(broker::close, broker.bootstrapServers());
    }

    /** Brokers that somebody else starts and stops, by a listener that is open to all. */
    static OldClientsBed of(String servers) {
        return new OldClientsBed(() -> {}, servers);
    }

    String servers() {
        return servers;
    }

    /**
     * Has an old client write to a topic and read it, and read what a current client wrote.
     *
     * @param client to which the broker, the topic, the number of records and the current client's topic are added, then {@code more}
     * @param codecs those that it writes with, and the current client too
     * @param magic the newest format of records that it knows
     */
    void serve(String topic, ProcessBuilder client, List<String> codecs, int magic, String... more) throws Exception {
        serveAt(servers, topic, client, codecs, magic, more);
    }

    /** As the other, with a client that comes by another listener. */
    void serveAt(String listener, String topic, ProcessBuilder client, List<String> codecs, int magic, String... more)
            throws Exception {
        String recent = topic + "-recent";
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1), new NewTopic(recent, 1, (short) 1)))
                    .all()
                    .get();
        }
        List<String> expected = writeRecent(recent, codecs);
        expected.add("ok " + codecs.size() * COUNT);
        client.command().addAll(List.of(listener, topic, Integer.toString(COUNT), recent));
        client.command().addAll(List.of(more));
        client.environment().put("FETCH_BYTES", FETCH_BYTES);

        Finished finished = Finished.run(client, "", LIMIT);

        assertThat(finished.output().contains("aborted ")).as(finished.errors()).isEqualTo(KAFKA || magic == 2);
        Stream<String> lines = finished.output().lines().filter(line -> !line.startsWith("aborted "));
        if (KAFKA) {
            // A read that begins with a marker has what is behind it twice.
            lines = lines.distinct();
        }
        assertThat(lines).as(finished.errors()).containsExactlyElementsOf(expected);
        assertWritten(topic, codecs, magic > 0);
    }

    /** {@return the keys and values of what a current client has written, in lines, but for what it aborted} */
    private List<String> writeRecent(String topic, List<String> codecs) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String codec : codecs) {
            try (KafkaProducer<String, String> producer = producer(codec, topic + "-" + codec)) {
                producer.initTransactions();
                for (String kind : List.of("committed", "aborted", "also")) {
                    producer.beginTransaction();
                    List<String> sent = write(producer, topic, kind, codec);
                    if (kind.equals("aborted")) {
                        producer.abortTransaction();
                    } else {
                        producer.commitTransaction();
                        lines.addAll(sent);
                    }
                }
            }
            try (KafkaProducer<String, String> producer = producer(codec, null)) {
                lines.addAll(write(producer, topic, "plain", codec));
            }
        }
        try (KafkaProducer<String, String> producer = producer("none", null)) {
            producer.send(new ProducerRecord<>(topic, "end", "end")).get();
        }
        lines.add(END);
        return lines;
    }

    private static List<String> write(KafkaProducer<String, String> producer, String topic, String kind, String codec) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < RECENT_BATCH; i++) {
            List<Header> headers = List.of(new RecordHeader("n", new byte[i]));
            String value = codec + "-" + i + ".".repeat(i);
            producer.send(new ProducerRecord<>(topic, null, null, kind, value, headers));
            lines.add(kind + " " + value);
        }
        producer.flush();
        return lines;
    }

    private KafkaProducer<String, String> producer(String codec, String transactionalId) {
        Map<String, Object> settings = new HashMap<>(
                Map.of("bootstrap.servers", servers, "compression.type", codec, "linger.ms", 20, "acks", "all"));
        if (transactionalId != null) {
            settings.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private void assertWritten(String topic, List<String> codecs, boolean timestamps) {
        assertThat(read(topic, record -> assertWhole(record, timestamps)))
                .containsExactlyInAnyOrderElementsOf(codecs.stream()
                        .flatMap(codec -> IntStream.range(0, COUNT).mapToObj(i -> codec + "-" + i))
                        .toList());
    }

    /** {@return the keys in a topic of two partitions} @param check what every record is handed to */
    List<String> read(String topic, Consumer<ConsumerRecord<String, String>> check) {
        List<String> keys = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, 2)
                    .mapToObj(i -> new TopicPartition(topic, i))
                    .toList();
            WholeRead.of(consumer, partitions, record -> {
                check.accept(record);
                keys.add(record.key());
            });
        }
        return keys;
    }

    private static void assertWhole(ConsumerRecord<String, String> record, boolean timestamps) {
        int number = Integer.parseInt(record.key().replaceFirst(".*-", ""));
        assertThat(record.value()).isEqualTo(record.key() + ".".repeat(number % 400));
        assertThat(record.timestamp() > 0).as("%s", record).isEqualTo(timestamps);
        assertThat(record.headers()).isEmpty();
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
