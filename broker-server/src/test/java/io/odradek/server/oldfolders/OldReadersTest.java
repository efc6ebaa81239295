package io.odradek.server.oldfolders;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.Peer;
import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kafka's client of 0.10.2.2 reads folders with records of its own days and before, and goes on with new ones. */
@Timeout(300)
class OldReadersTest {
    private static final int STEP = 41;

    @TempDir
    Path folder;

    static List<OldFolder> all() {
        return OldFolder.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void theyReadAllOfIt(OldFolder recorded) throws Exception {
        Path data = recorded.copyTo(folder.resolve("data"));
        Peer peer = new Peer("0.10.2.2", folder.resolve("peer"));
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .logFolder(data)
                        .setting("offsets.retention.minutes", "1000000000")
                        .start();
                OldClient client = new OldClient(peer, folder, broker.bootstrapServers())) {
            assertThat(client.call("committed readers gzip")).containsExactly("7\tnoted-too");
            for (String topic : recorded.contents().stream()
                    .map(ReadRecord::topic)
                    .distinct()
                    .toList()) {
                List<ReadRecord> expected = new ArrayList<>(recorded.contents(topic));
                expected.addAll(append(broker.bootstrapServers(), topic));
                long end = expected.get(expected.size() - 1).offset() + 1;
                for (long from = 0; from < end; from += STEP) {
                    long first = from;
                    assertThat(client.call("read " + topic + " " + from + " " + end))
                            .as(topic + " from " + from)
                            .isEqualTo(expected.stream()
                                    .filter(record -> record.offset() >= first)
                                    .map(OldReadersTest::line)
                                    .toList());
                }
                assertThat(client.call("lookup " + topic + " 1480000025500"))
                        .containsExactly(expected.stream()
                                .filter(record -> record.timestampMs() >= 1_480_000_025_500L)
                                .findFirst()
                                .map(record -> record.offset() + "\t" + record.timestampMs())
                                .orElseThrow());
            }
            client.call("send none gzip 120 140");
            client.call("group others none 100 again");
            assertThat(client.call("committed others none")).containsExactly("100\tagain");
        }
    }

    private static String line(ReadRecord record) {
        return record.offset() + "\t" + record.timestampType() + "\t" + record.timestampMs() + "\t" + record.key()
                + "\t" + record.value();
    }

    private static List<ReadRecord> append(String bootstrapServers, String topic) throws Exception {
        List<ReadRecord> appended = new ArrayList<>();
        for (String codec : OldFolder.CODECS) {
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.<String, Object>of("bootstrap.servers", bootstrapServers, "compression.type", codec),
                    new StringSerializer(),
                    new StringSerializer())) {
                long timestamp = 1_490_000_000_000L;
                var sent = producer.send(new ProducerRecord<>(topic, 0, timestamp, "key", codec))
                        .get();
                String type = sent.timestamp() == timestamp ? "CreateTime" : "LogAppendTime";
                appended.add(new ReadRecord(topic, sent.offset(), type, sent.timestamp(), "key", codec));
            }
        }
        return appended;
    }
}
