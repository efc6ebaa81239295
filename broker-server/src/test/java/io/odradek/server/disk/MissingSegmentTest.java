package io.odradek.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A segment's file that somebody deletes under a broker with one log folder: what was in it is lost, and no more. */
@Timeout(120)
class MissingSegmentTest {
    private static final String TOPIC = "t";
    private static final int RECORDS = 200;
    /** Of 20,000 bytes, with records of 10,000. */
    private static final int RECORDS_OF_A_SEGMENT = 2;

    @TempDir
    Path root;

    private final NumberedRecords damaged = new NumberedRecords(TOPIC, 0);
    private final NumberedRecords whole = new NumberedRecords(TOPIC, 1);

    private EmbeddedBroker start() {
        return EmbeddedBroker.builder()
                .setting("log.dirs", root.toString())
                .setting("log.segment.bytes", "20000")
                .start();
    }

    @Test
    void itIsPassedOverAndEverythingElseOfItsPartitionGoesOn() throws Exception {
        try (EmbeddedBroker broker = start()) {
            String bootstrap = broker.bootstrapServers();
            NumberedRecords.createTopic(bootstrap, TOPIC, 2);
            assertThat(damaged.sendAll(bootstrap, RECORDS)).isEqualTo(RECORDS);
            assertThat(whole.sendAll(bootstrap, RECORDS)).isEqualTo(RECORDS);
        }
        try (EmbeddedBroker broker = start()) {
            Path missing = segments().get(1);
            Files.delete(missing);
            assertThat(damaged.missing(broker.bootstrapServers())).hasSizeBetween(1, RECORDS_OF_A_SEGMENT);
            assertThat(missing).doesNotExist();
            assertThat(broker.failure()).isEmpty();
            assertThat(damaged.sendAll(broker.bootstrapServers(), 10)).isEqualTo(10);
            assertThat(whole.sendAll(broker.bootstrapServers(), 10)).isEqualTo(10);
            assertThat(whole.missing(broker.bootstrapServers())).isEmpty();
        }
        try (EmbeddedBroker broker = start()) {
            assertThat(damaged.missing(broker.bootstrapServers())).hasSizeBetween(1, RECORDS_OF_A_SEGMENT);
            assertThat(damaged.sendAll(broker.bootstrapServers(), 10)).isEqualTo(10);
            assertThat(whole.missing(broker.bootstrapServers())).isEmpty();
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(TOPIC + "-0"))) {
            List<Path> segments = files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList();
            assertThat(segments).hasSizeGreaterThan(3);
            return segments;
        }
    }
}
