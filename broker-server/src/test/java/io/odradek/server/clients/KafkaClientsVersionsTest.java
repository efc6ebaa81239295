package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.metrics.MicrometerMeters;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How the Java client finds out what the broker speaks, and whom it has reached. The build runs this class once for each
 * version of the client.
 */
@Timeout(120)
class KafkaClientsVersionsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private EmbeddedBroker broker;

    @AfterEach
    void close() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void nobodyAsksTwiceForTheVersions() throws Exception {
        start(0);
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>("first", "asked")).get();
        }
        assertThat(counted("odradek.request.received")).isPositive();
        assertThat(counted("odradek.request.errors")).isZero();
    }

    @Test
    void aClientGoesOnWithAnotherClusterThatHasTakenTheAddressOver() throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("kafka.clients.version", "4.4.0").equals("4.4.0"), "KIP-1242");
        start(0);
        int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>("t", "to the first")).get();
            broker.close();
            start(port);
            producer.send(new ProducerRecord<>("t", "to the second")).get();
        }
        assertThat(counted("odradek.request.errors", "error", "REBOOTSTRAP_REQUIRED"))
                .isPositive();
    }

    private void start(int port) {
        broker = EmbeddedBroker.builder()
                .port(port)
                .meters(MicrometerMeters.of(registry, "life", Integer.toString(port)))
                .start();
    }

    /** {@return how many requests for the versions there were, beside those that nothing was wrong with} */
    private double counted(String name, String... tags) {
        return registry.find(name).tag("api", "API_VERSIONS").tags(tags).counters().stream()
                .filter(counter -> !"NONE".equals(counter.getId().getTag("error")))
                .mapToDouble(Counter::count)
                .sum();
    }

    /** One that never takes a broker for unavailable, which would be another reason to begin again with its servers. */
    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "reconnect.backoff.ms", 0,
                        "reconnect.backoff.max.ms", 0),
                new StringSerializer(),
                new StringSerializer());
    }
}
