package io.odradek.server.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.Peer;
import io.odradek.server.clients.RunningKafka;
import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One old segment of each partition is damaged while the broker is down: what a reader gets then, here and with Kafka 3.9.2. */
@Timeout(300)
class DamageWithKafkaTest {
    private static final String TOPIC = "damaged";
    private static final int RECORDS = 5_000;
    private static final int STRUCK = 2;

    @TempDir
    Path folder;

    @Test
    void aReaderGetsAtLeastWhatKafkaGivesIt() throws Exception {
        Path data = folder.resolve("data");
        Path ours = folder.resolve("ours");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        SegmentFault[] faults = SegmentFault.values();
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            NumberedTopic.create(kafka.bootstrapServers(), TOPIC, faults.length);
            for (int i = 0; i < faults.length; i++) {
                new NumberedTopic(TOPIC, i).fill(kafka.bootstrapServers(), RECORDS);
            }
        }
        for (int i = 0; i < faults.length; i++) {
            faults[i].strike(data.resolve(TOPIC + "-" + i), STRUCK);
        }
        Folders.copy(data, ours);
        Map<SegmentFault, NumberedTopic.Read> kafkas = new TreeMap<>();
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            readAll(kafka.bootstrapServers(), kafkas);
        }
        Map<SegmentFault, NumberedTopic.Read> read = new TreeMap<>();
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(ours).start()) {
            readAll(broker.bootstrapServers(), read);
        }
        for (SegmentFault fault : faults) {
            System.out.println(fault + ": Kafka " + kafkas.get(fault) + ", here " + read.get(fault));
        }
        for (SegmentFault fault : faults) {
            assertThat(read.get(fault).records())
                    .as("%s", fault)
                    .isGreaterThanOrEqualTo(kafkas.get(fault).records());
            assertThat(read.get(fault).appended()).isTrue();
        }
    }

    private static void readAll(String bootstrap, Map<SegmentFault, NumberedTopic.Read> results) throws Exception {
        for (SegmentFault fault : SegmentFault.values()) {
            results.put(fault, new NumberedTopic(TOPIC, fault.ordinal()).readPastErrors(bootstrap));
        }
    }
}
