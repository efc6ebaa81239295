package io.odradek.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker on a file system that really fills. */
@Timeout(120)
class FullDiskTest {
    private static final String TOPIC = "t";

    @TempDir
    Path folder;

    private static EmbeddedBroker start(SmallDisk disk) {
        return EmbeddedBroker.builder()
                .logFolder(disk.folder())
                .setting("log.segment.bytes", "1048576")
                .setting("log.flush.offset.checkpoint.interval.ms", "100")
                .setting("replica.high.watermark.checkpoint.interval.ms", "100")
                .start();
    }

    @Test
    void producersGetErrorsReadersGoOnAndNothingAcknowledgedIsMissing() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, 16)) {
            NumberedRecords records = new NumberedRecords(TOPIC, 0);
            try (EmbeddedBroker broker = start(disk)) {
                NumberedRecords.createTopic(broker.bootstrapServers(), TOPIC, 1);
                fill(records, broker);
                assertThat(records.lastError()).isNotNull();
                assertThat(records.acknowledged().size()).isGreaterThan(1_000);
                assertThat(records.missing(broker.bootstrapServers())).isEmpty();
                assertThat(broker.failure()).isEmpty();
            }

            disk.resize(24);
            try (EmbeddedBroker broker = start(disk)) {
                assertThat(records.missing(broker.bootstrapServers())).isEmpty();
                assertThat(records.sendAll(broker.bootstrapServers(), 100)).isEqualTo(100);
                assertThat(records.missing(broker.bootstrapServers())).isEmpty();
            }
        }
    }

    @Test
    void withRoomAgainTheBrokerGoesOnWithoutARestart() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, 8)) {
            NumberedRecords records = new NumberedRecords(TOPIC, 0);
            try (EmbeddedBroker broker = start(disk)) {
                NumberedRecords.createTopic(broker.bootstrapServers(), TOPIC, 1);
                fill(records, broker);
                disk.resize(16);
                assertThat(records.sendAll(broker.bootstrapServers(), 100)).isEqualTo(100);
                assertThat(records.missing(broker.bootstrapServers())).isEmpty();
                NumberedRecords.createTopic(broker.bootstrapServers(), "another", 1);
            }
            assertThat(folder.resolve(".kafka_cleanshutdown")).exists();
            try (EmbeddedBroker broker = start(disk)) {
                assertThat(records.missing(broker.bootstrapServers())).isEmpty();
            }
        }
    }

    @Test
    void deletedRecordsMakeRoomAtOnce() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, 8)) {
            NumberedRecords records = new NumberedRecords(TOPIC, 0);
            try (EmbeddedBroker broker = start(disk)) {
                NumberedRecords.createTopic(broker.bootstrapServers(), TOPIC, 1);
                fill(records, broker);
                records.deleteBefore(
                        broker.bootstrapServers(), records.acknowledged().size() / 2);
                assertThat(records.sendAll(broker.bootstrapServers(), 100)).isEqualTo(100);
                assertThat(records.missing(broker.bootstrapServers())).isEmpty();
            }
            try (EmbeddedBroker broker = start(disk)) {
                assertThat(records.missing(broker.bootstrapServers())).isEmpty();
            }
        }
    }

    private static void fill(NumberedRecords records, EmbeddedBroker broker) throws InterruptedException {
        while (records.send(broker.bootstrapServers(), 200) > 0) {
            assertThat(records.acknowledged().size()).isLessThan(10_000);
        }
    }
}
