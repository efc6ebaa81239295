package io.odradek.server.tools.verifiable;

import io.odradek.server.tools.Connection;
import io.odradek.server.tools.Interrupt;
import io.odradek.server.tools.Pace;
import io.odradek.server.tools.PropertiesFile;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.TopicLookup;
import io.odradek.server.tools.UsageException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends numbers and says of each what became of it, in the words of Kafka's {@code kafka-verifiable-producer}. */
@Command(
        description =
                "Sends the numbers from 0 on to a topic, and prints of each, as a line of JSON, whether it has been"
                        + " taken.",
        footer = {
            "  ${COMMAND-NAME} --topic orders --max-messages 1000",
            "  ${COMMAND-NAME} --topic orders --throughput 100 --acks 1 --repeating-keys 10"
        })
public final class VerifiableProducerTool implements Tool {
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(10);

    @Mixin
    private Connection connection;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "the topic to send to")
    private String topic;

    @Option(
            names = "--max-messages",
            paramLabel = "N",
            defaultValue = "-1",
            description = "how many; -1 for as many until it is interrupted (default: -1)")
    private long maxRecords;

    @Option(
            names = "--throughput",
            paramLabel = "N",
            defaultValue = "-1",
            description = "how many a second; -1 for as fast as it goes (default: -1)")
    private int throughput;

    @Option(names = "--acks", paramLabel = "ACKS", defaultValue = "-1", description = "0, 1 or -1 (default: -1)")
    private int acks;

    @Option(
            names = "--message-create-time",
            paramLabel = "MS",
            defaultValue = "-1",
            description = "the time of the first, in milliseconds since 1970 (default: now)")
    private long createTimeMs;

    @Option(names = "--value-prefix", paramLabel = "N", description = "a number before each value, and a dot between")
    private Integer prefix;

    @Option(names = "--repeating-keys", paramLabel = "N", description = "keys from 0 to N - 1, and again")
    private Integer keys;

    @Option(names = "--producer.config", paramLabel = "FILE", description = "the same as --command-config")
    private String file;

    private final AtomicLong acknowledged = new AtomicLong();

    /** Filled by picocli. */
    public VerifiableProducerTool() {}

    @Override
    public int run(Terminal terminal) throws Exception {
        UsageException.when(topic == null || topic.isEmpty(), "Say which --topic");
        UsageException.when(acks < -1 || acks > 1, "The --acks are 0, 1 or -1");
        UsageException.when(keys != null && keys < 1, "The --repeating-keys must be at least 1");
        Pace pace = new Pace(throughput);
        Events events = new Events(terminal);
        Producer<String, String> producer =
                new KafkaProducer<>(settings(), new StringSerializer(), new StringSerializer());
        Interrupt interrupt = new Interrupt(pace::stop, ENDED_WITHIN);
        try {
            long startNanos = System.nanoTime();
            long sent;
            try (producer) {
                TopicLookup.find(producer, topic, connection, TopicLookup.PATIENCE);
                events.print("startup_complete");
                sent = send(producer, events, pace);
            }
            events.print("shutdown_complete");
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            events.print(
                    "tool_data",
                    "sent",
                    sent,
                    "acked",
                    acknowledged.get(),
                    "target_throughput",
                    throughput,
                    "avg_throughput",
                    acknowledged.get() / seconds);
        } finally {
            interrupt.close();
        }
        return DONE;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = file == null ? connection.settings() : connection.settings(file);
        settings.remove("default.api.timeout.ms");
        Map<String, String> named = file == null ? Map.of() : PropertiesFile.read(file);
        settings.put("acks", named.getOrDefault("acks", Integer.toString(acks)));
        settings.putIfAbsent("retries", "0");
        return settings;
    }

    private long send(Producer<String, String> producer, Events events, Pace pace) throws InterruptedException {
        long startMs = System.currentTimeMillis();
        long limit = maxRecords < 0 ? Long.MAX_VALUE : maxRecords;
        long sent = 0;
        while (sent < limit && events.areRead() && pace.keep(sent)) {
            String key = keys == null ? null : Long.toString(sent % keys);
            String value = prefix == null ? Long.toString(sent) : prefix + "." + sent;
            Long timeMs = createTimeMs < 0 ? null : createTimeMs + System.currentTimeMillis() - startMs;
            sent++;
            try {
                send(producer, events, new ProducerRecord<>(topic, null, timeMs, key, value));
            } catch (KafkaException refused) {
                fail(events, key, value, refused);
            }
        }
        return sent;
    }

    private void send(Producer<String, String> producer, Events events, ProducerRecord<String, String> record) {
        producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                fail(events, record.key(), record.value(), failure);
                return;
            }
            acknowledged.incrementAndGet();
            events.print(
                    "producer_send_success",
                    "key",
                    record.key(),
                    "value",
                    record.value(),
                    "topic",
                    metadata.topic(),
                    "partition",
                    metadata.partition(),
                    "offset",
                    metadata.offset());
        });
    }

    private void fail(Events events, String key, String value, Exception failure) {
        events.print(
                "producer_send_error",
                "key",
                key,
                "value",
                value,
                "topic",
                topic,
                "exception",
                failure.getClass().toString(),
                "message",
                failure.getMessage());
    }
}
