package io.odradek.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.env.SystemClock;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted, as whoever scrapes it sees it. */
class PrometheusTextTest {
    private final BrokerRegistry registry = new BrokerRegistry(new SystemClock());
    private final Meters meters = MicrometerMeters.of(registry);

    @AfterEach
    void leaveNoListenerInThisJvm() {
        registry.close();
    }

    @Test
    void aCountOfATopicStandsBesideTheSumOfAll() throws Exception {
        meters.counter("topic.records.in", "topic", "a").add(3);
        meters.counter("topic.records.in", "topic", "b").add(4);

        assertThat(text())
                .contains("# TYPE kafka_server_brokertopicmetrics_messagesin_total counter")
                .contains("kafka_server_brokertopicmetrics_messagesin_total 7")
                .contains("kafka_server_brokertopicmetrics_messagesin_total{topic=\"a\"} 3")
                .contains("kafka_server_brokertopicmetrics_messagesin_total{topic=\"b\"} 4");
    }

    @Test
    void theSumOfAllGoesOnWithWhatWasCountedOfTopicsThatAreGone() throws Exception {
        Meters.Counter gone = meters.counter("topic.records.in", "topic", "a");
        gone.add(3);
        gone.close();
        meters.counter("topic.records.in", "topic", "b").add(4);

        assertThat(text())
                .contains("kafka_server_brokertopicmetrics_messagesin_total 7")
                .doesNotContain("topic=\"a\"");
    }

    @Test
    void aTopicIsForgottenWhenAllWhoCountOfItHaveClosed() throws Exception {
        Meters.Counter one = meters.counter("topic.records.in", "topic", "a");
        Meters.Counter other = meters.counter("topic.records.in", "topic", "a");
        one.close();
        other.add(2);
        assertThat(text()).contains("kafka_server_brokertopicmetrics_messagesin_total{topic=\"a\"} 2");

        other.close();
        assertThat(text()).doesNotContain("topic=\"a\"");
    }

    @Test
    void whatKafkaCountsFromTheStartIsThereFromTheStart() throws Exception {
        assertThat(text())
                .contains("kafka_server_brokertopicmetrics_bytesin_total 0")
                .contains("kafka_server_replicamanager_isrshrinks_total 0");
    }

    @Test
    void timesAreShownWithTheirQuantilesInMilliseconds() throws Exception {
        Meters.Timer timer = meters.timer("request.total.time", "api", "LIST_OFFSETS");
        for (int i = 0; i < 90; i++) {
            timer.took(2_000_000);
        }
        for (int i = 0; i < 10; i++) {
            timer.took(100_000_000);
        }
        String[] lines = text();
        assertThat(lines)
                .contains("kafka_network_requestmetrics_totaltimems_count{request=\"ListOffsets\"} 100")
                .contains("kafka_network_requestmetrics_totaltimems_sum{request=\"ListOffsets\"} 1180");
        assertThat(valueOf(
                        lines, "kafka_network_requestmetrics_totaltimems{request=\"ListOffsets\",quantile=\"0.50\"} "))
                .isBetween(1.8, 2.2);
        assertThat(valueOf(
                        lines, "kafka_network_requestmetrics_totaltimems{request=\"ListOffsets\",quantile=\"0.99\"} "))
                .isBetween(93.0, 107.0);
    }

    @Test
    void aGaugeIsShownUntilItIsClosedAndASharesHundredsAreAPercentOnlyByName() throws Exception {
        Meters.Gauge gauge = meters.gauge("log.size", () -> 17, "topic", "t", "partition", "0");
        meters.gauge("network.idle.millionths", () -> 250_000);

        assertThat(text())
                .contains("kafka_log_log_size{topic=\"t\",partition=\"0\"} 17")
                .contains("kafka_network_socketserver_networkprocessoravgidle_percent 0.25");
        gauge.close();
        assertThat(text()).noneMatch(line -> line.startsWith("kafka_log_log_size{"));
    }

    @Test
    void whatKafkaDoesNotHaveIsShownUnderANameOfOurs() throws Exception {
        meters.gauge("memory.used", () -> 5, "share", "a\"b");
        meters.counter("commit.asked").add(1);

        assertThat(text()).contains("odradek_memory_used{share=\"a\\\"b\"} 5").contains("odradek_commit_asked_total 1");
    }

    private static double valueOf(String[] lines, String start) {
        for (String line : lines) {
            if (line.startsWith(start)) {
                return Double.parseDouble(line.substring(start.length()));
            }
        }
        throw new AssertionError("No " + start);
    }

    private String[] text() throws IOException {
        StringBuilder out = new StringBuilder();
        registry.writeTo(out);
        return out.toString().split("\n");
    }
}
