package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.hostile.BrokerLog;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.KeptMeters;
import io.odradek.storage.env.SimulatedWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which requests are slow, and what the log tells of them. */
class SlowRequestsTest {
    private static final long MS = 1_000_000;
    private static final ConnectionContext CONNECTION =
            new ConnectionContext("127.0.0.1:9092-127.0.0.1:5000-7", 7, null);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final BrokerLog log = new BrokerLog();

    @AfterEach
    void closeLog() {
        log.close();
    }

    private SlowRequests slow(String ms) {
        return SlowRequests.of(BrokerConfig.of(Map.of("odradek.slow.request.ms", ms)), world.clock());
    }

    private static void look(SlowRequests slow, ApiKey api, long workMs, long waitingMs, long sendingMs) {
        RequestHeader header = new RequestHeader(api.key(), (short) 9, 1, "an application");
        slow.look(header, CONNECTION, workMs * MS, waitingMs * MS, sendingMs * MS);
    }

    @Test
    void theLineSaysWhoseItWasAndWhereItsTimeWent() {
        SlowRequests slow = slow("1000");

        look(slow, ApiKey.PRODUCE, 3, 990, 6);
        look(slow, ApiKey.PRODUCE, 4, 990, 6);

        assertThat(log.lines("Slow"))
                .containsExactly(
                        "Slow PRODUCE version 9 of client 'an application' on 127.0.0.1:9092-127.0.0.1:5000-7: 1000 ms,"
                                + " of which 4 in work, 990 waiting, 6 until the answer was sent");
    }

    @Test
    void whatAClientMeantToWaitForIsNoSlowness() {
        SlowRequests slow = slow("1000");

        look(slow, ApiKey.FETCH, 1, 30_000, 1);
        look(slow, ApiKey.JOIN_GROUP, 1, 300_000, 1);
        assertThat(log.lines("Slow")).isEmpty();

        look(slow, ApiKey.FETCH, 600, 500, 600);
        assertThat(log.lines("Slow FETCH"))
                .singleElement()
                .asString()
                .endsWith("1700 ms, of which 600 in work, 500 waiting as asked, 600 until the answer was sent");
    }

    @Test
    void ofEachApiThereIsALineInAMinuteThatCountsTheOthers() {
        SlowRequests slow = slow("100");

        for (int i = 0; i < 1000; i++) {
            look(slow, ApiKey.PRODUCE, 100, 0, 0);
            look(slow, ApiKey.METADATA, 100, 0, 0);
        }
        assertThat(log.lines("Slow")).hasSize(2);

        world.advanceMs(60_000);
        look(slow, ApiKey.PRODUCE, 100, 0, 0);
        assertThat(log.lines("Slow PRODUCE"))
                .last()
                .asString()
                .endsWith("(and 999 times since the last line like this)");
    }

    @Test
    void noneIsSlowWhereNobodyWantsToKnow() {
        assertThat(slow("-1")).isNull();
    }

    @Test
    void aRealClientsRequestsAreLookedAt(@TempDir Path folder) throws Exception {
        BrokerConfig config = BrokerConfig.of(new TreeMap<>(Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "log.dirs", folder.toString(),
                "odradek.slow.request.ms", "0",
                "offsets.topic.replication.factor", "1")));
        BrokerOptions options = new BrokerOptions(
                Transport.NIO,
                true,
                new KeptMeters(),
                InProcessHome.journalled(JournalSettings.EMBEDDED),
                (failed, cause) -> {});
        try (Broker broker = Broker.start(config, options)) {
            String address = broker.advertised().values().iterator().next().hostAndPort();
            Map<String, Object> settings = Map.of("bootstrap.servers", address, "client.id", "the producer");
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("topic", "value")).get();
            }
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(log.lines("Slow PRODUCE version "))
                                .anyMatch(
                                        line -> line.matches(
                                                ".* of client 'the producer' on 127\\.0\\.0\\.1:\\d+-127\\.0\\.0\\.1:\\d+-\\d+: \\d+ ms, of which .*")));
    }
}
