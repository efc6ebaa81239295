package io.odradek.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.env.SystemClock;
import io.odradek.server.metrics.BrokerRegistry;
import io.odradek.server.metrics.MicrometerMeters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lag of groups, as whoever scrapes a broker sees it. */
class LagMetersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OF_GROUP = "{consumergroup=\"g\",topic=\"t\",partition=\"0\"} ";

    @TempDir
    Path folder;

    @Test
    void lagIsScrapedInRecordsAndInSecondsUntilTheGroupIsGone() throws Exception {
        Map<String, String> settings = Map.of("odradek.lag.interval.ms", "50", "log.retention.ms", "-1");
        try (WatchedBroker broker =
                WatchedBroker.start(folder, settings, MicrometerMeters.of(new BrokerRegistry(new SystemClock())))) {
            Clients clients = new Clients(broker);
            clients.create("t", 1, Map.of());
            clients.send("t", 0, 1_000, "k", "read");
            clients.send("t", 0, System.currentTimeMillis() - 7_200_000, "k", "waits");
            try (KafkaConsumer<String, String> reader = clients.member("g", "t", 1)) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(value(broker, "kafka_consumergroup_lag" + OF_GROUP))
                            .isEqualTo(1);
                    assertThat(value(broker, "kafka_consumergroup_lag_seconds" + OF_GROUP))
                            .isBetween(7_200.0, 7_500.0);
                });
                reader.poll(Duration.ofSeconds(30));
                reader.commitSync();
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(value(broker, "kafka_consumergroup_lag" + OF_GROUP))
                            .isZero();
                    assertThat(value(broker, "kafka_consumergroup_lag_seconds" + OF_GROUP))
                            .isZero();
                });
            }
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.deleteConsumerGroups(java.util.List.of("g")).all().get();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(broker.get("/metrics").body()).doesNotContain("consumergroup=\"g\""));
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("odradek-lag"));
    }

    @Test
    void whatIsLookedAtHereIsNotCountedAsAskedForByClientsOrSentToThem() throws Exception {
        try (WatchedBroker broker =
                WatchedBroker.start(folder, Map.of(), MicrometerMeters.of(new BrokerRegistry(new SystemClock())))) {
            Clients clients = new Clients(broker);
            clients.create("t", 1, Map.of("retention.ms", "-1"));
            clients.send("t", 0, 1_000, "k", "v");
            assertThat(broker.api("/topics/t/records").objectsAt("records")).hasSize(1);
            String bytesOut = "kafka_server_brokertopicmetrics_bytesout_total{topic=\"t\"} ";
            String fetches = "kafka_server_brokertopicmetrics_totalfetchrequests_total{topic=\"t\"} ";
            assertThat(value(broker, bytesOut)).isZero();
            assertThat(value(broker, fetches)).isZero();

            clients.member("g", "t", 1).close();
            assertThat(value(broker, bytesOut)).isPositive();
            assertThat(value(broker, fetches)).isPositive();
        }
    }

    private static double value(WatchedBroker broker, String series) throws Exception {
        String text = broker.get("/metrics").body();
        int at = text.indexOf(series);
        assertThat(at).as(text).isNotNegative();
        int begin = at + series.length();
        return Double.parseDouble(text.substring(begin, text.indexOf('\n', begin)));
    }
}
