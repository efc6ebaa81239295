package io.odradek.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.env.SystemClock;
import io.odradek.storage.env.Meters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A broker's meters in the registry of whoever embeds it. */
class MicrometerMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void whatAnEmbeddedBrokerDoesIsInTheRegistryUntilItIsClosed() throws Exception {
        registry.counter("of.the.application").increment();
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .meters(MicrometerMeters.of(registry, "broker", "a"))
                .start()) {
            produce(broker);
            assertRecordsIn(3);
            assertThat(registry.get("odradek.replicas.leading").gauge().value()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(registry.get("odradek.request.total.time")
                            .tags("api", "PRODUCE")
                            .timer()
                            .max(TimeUnit.NANOSECONDS))
                    .isPositive());

            broker.restart();
            produce(broker);
            assertRecordsIn(3);
            assertThat(registry.get("odradek.log.end.offset")
                            .tags("topic", "t", "partition", "0")
                            .gauge()
                            .value())
                    .isEqualTo(6);
        }
        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .extracting(Meter.Id::getName)
                .containsExactly("of.the.application");
    }

    private void assertRecordsIn(int records) {
        assertThat(registry.get("odradek.topic.records.in")
                        .tags("topic", "t", "broker", "a")
                        .counter()
                        .count())
                .isEqualTo(records);
    }

    private static void produce(EmbeddedBroker broker) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (String value : List.of("a", "b", "c")) {
                producer.send(new ProducerRecord<>("t", 0, "k", value)).get();
            }
        }
    }

    @Test
    void ofTwoGaugesOfOneNameTheLaterOneIsHeard() {
        MicrometerMeters meters = MicrometerMeters.of(registry);
        Meters.Gauge earlier = meters.gauge("g", () -> 1, "topic", "t");
        meters.gauge("g", () -> 2, "topic", "t");

        assertThat(registry.get("odradek.g").gauge().value()).isEqualTo(2);
        earlier.close();
        assertThat(registry.get("odradek.g").gauge().value()).isEqualTo(2);
    }

    @Test
    void soItIsWhereTheRegistryGivesAllMetersTagsOfItsOwn() {
        registry.config().commonTags("application", "shop");
        MicrometerMeters meters = MicrometerMeters.of(registry);
        Meters.Gauge earlier = meters.gauge("g", () -> 1, "topic", "t");
        Meters.Gauge later = meters.gauge("g", () -> 2, "topic", "t");

        earlier.close();
        assertThat(registry.get("odradek.g").tags("application", "shop").gauge().value())
                .isEqualTo(2);
        later.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void whatIsClosedLeavesTheRegistry() {
        MicrometerMeters meters = MicrometerMeters.of(registry);
        meters.counter("c", "topic", "t").close();

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aCounterStaysForWhoeverStillCountsWithIt() {
        MicrometerMeters meters = MicrometerMeters.of(registry);
        Meters.Counter one = meters.counter("c", "topic", "t");
        Meters.Counter other = meters.counter("c", "topic", "t");
        one.add(1);
        one.close();
        other.add(2);

        assertThat(registry.get("odradek.c").counter().count()).isEqualTo(3);
        other.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void whatIsClosedAfterItsBrokerHasEndedDoesNotTakeAwayWhatTheNextOneHas() {
        MicrometerMeters meters = MicrometerMeters.of(registry);
        Meters.Counter earlier = meters.counter("c");
        meters.ended();
        meters.counter("c").add(1);
        earlier.close();

        assertThat(registry.get("odradek.c").counter().count()).isEqualTo(1);
    }

    @Test
    void inTheRegistryOfTheDistributionMetersAreUsedWithoutADetour() {
        BrokerRegistry distributions = new BrokerRegistry(new SystemClock());
        MicrometerMeters meters = MicrometerMeters.of(distributions);

        assertThat(meters.timer("t")).isSameAs(distributions.get("odradek.t").timer());
        assertThat(meters.sizes("s")).isSameAs(distributions.get("odradek.s").summary());
        Meters.Gauge earlier = meters.gauge("g", () -> 1);
        meters.gauge("g", () -> 2);
        earlier.close();
        assertThat(distributions.get("odradek.g").gauge().value()).isEqualTo(2);
        meters.ended();
        assertThat(distributions.getMeters()).isEmpty();
        distributions.close();
    }
}
