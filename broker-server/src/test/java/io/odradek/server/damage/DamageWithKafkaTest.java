package io.odradek.server.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.clients.Peer;
import io.odradek.server.clients.RunningKafka;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** One old segment of each partition is damaged while the broker is down: what a reader gets then, here and with Kafka 3.9.2. */
@Timeout(600)
@EnabledIfSystemProperty(named = "damage.kafka", matches = "true")
class DamageWithKafkaTest {
    private static final String DAMAGED = "damaged";
    private static final String REPAIRED = "repaired";
    private static final int FEW = 120;
    private static final int RECORDS = 5_000;
    private static final int STRUCK = 2;

    @TempDir
    Path folder;

    @Test
    void aReaderGetsAtLeastWhatKafkaGivesItAndBothServeWhatWasRepaired() throws Exception {
        Path data = folder.resolve("data");
        Path ours = folder.resolve("ours");
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        int count = SegmentFault.values().length;
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            for (String topic : List.of(DAMAGED, REPAIRED)) {
                NumberedTopic.create(kafka.bootstrapServers(), topic, count);
                for (int i = 0; i < count; i++) {
                    new NumberedTopic(topic, i).fill(kafka.bootstrapServers(), RECORDS);
                }
            }
        }
        for (SegmentFault fault : SegmentFault.values()) {
            fault.strike(data.resolve(DAMAGED + "-" + fault.ordinal()), STRUCK);
            fault.strike(data.resolve(REPAIRED + "-" + fault.ordinal()), STRUCK);
            repair(data.resolve(REPAIRED + "-" + fault.ordinal()));
        }
        Folders.copy(data, ours);
        Map<SegmentFault, NumberedTopic.Read> kafkas;
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), data)) {
            kafkas = readAll(kafka.bootstrapServers(), DAMAGED);
            assertRepaired(readAll(kafka.bootstrapServers(), REPAIRED));
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder().logFolder(ours).start()) {
            Map<SegmentFault, NumberedTopic.Read> read = readAll(broker.bootstrapServers(), DAMAGED);
            kafkas.forEach(
                    (fault, kafka) -> System.out.println(fault + ": Kafka " + kafka + ", here " + read.get(fault)));
            read.forEach((fault, here) -> {
                assertThat(here.records())
                        .as("%s", fault)
                        .isGreaterThanOrEqualTo(kafkas.get(fault).records());
                assertThat(here.appended()).isTrue();
            });
            assertRepaired(readAll(broker.bootstrapServers(), REPAIRED));
        }
    }

    private static void repair(Path partition) {
        ToolCall.of("dump-log", "--repair", "--execute", partition.toString()).output();
    }

    /** Behind a damage everything is read again, without an error; what is not in the file any more is not. */
    private static void assertRepaired(Map<SegmentFault, NumberedTopic.Read> read) {
        read.forEach((fault, found) -> {
            System.out.println("repaired " + fault + ": " + found);
            assertThat(found.errors()).as("%s", fault).isZero();
            assertThat(found.appended()).as("%s", fault).isTrue();
            assertThat(RECORDS - found.records()).as("%s", fault).isLessThan(fault.isOfOneBlock() ? FEW : RECORDS / 3);
        });
    }

    private static Map<SegmentFault, NumberedTopic.Read> readAll(String bootstrap, String topic) throws Exception {
        Map<SegmentFault, NumberedTopic.Read> results = new TreeMap<>();
        for (SegmentFault fault : SegmentFault.values()) {
            results.put(fault, new NumberedTopic(topic, fault.ordinal()).readPastErrors(bootstrap));
        }
        return results;
    }
}
