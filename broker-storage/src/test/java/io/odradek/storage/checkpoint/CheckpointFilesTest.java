package io.odradek.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.checkpoint.BrokerMetadataFile.BrokerMetadata;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFilesTest {
    private static final int POWER_LOSSES = 20;

    private final FaultingFileSystem disk = new FaultingFileSystem(3);
    private final Path folder = Path.of("/logs");
    private final OffsetCheckpointFile offsets =
            new OffsetCheckpointFile(disk, folder, OffsetCheckpointFile.RECOVERY_POINTS);

    @BeforeEach
    void createFolder() throws IOException {
        disk.createFolders(folder);
        disk.forceFolder(Path.of("/"));
    }

    @AfterEach
    void nothingIsLeftOpen() {
        disk.close();
    }

    @Test
    void offsetsAreWrittenInKafkasFormatAndReadBack() throws IOException {
        SortedMap<TopicPartition, Long> written = offsets("b", 1L, "a", Long.MAX_VALUE);
        offsets.write(written);
        assertThat(text(OffsetCheckpointFile.RECOVERY_POINTS)).isEqualTo("0\n2\na 0 9223372036854775807\nb 0 1\n");
        assertThat(offsets.read()).isEqualTo(written);
        assertThat(disk.list(folder)).containsExactly(OffsetCheckpointFile.RECOVERY_POINTS);
    }

    @Test
    void aMissingCheckpointHasNoOffsets() throws IOException {
        assertThat(offsets.read()).isEmpty();
        assertThat(new BrokerMetadataFile(disk, folder).read()).isEmpty();
    }

    @Test
    void aCheckpointWithoutAByteAsKafkaMakesItHasNoOffsets() throws IOException {
        write(OffsetCheckpointFile.RECOVERY_POINTS, "");
        assertThat(offsets.read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1\n0\n",
                "x\n0\n",
                "0\n-1\n",
                "0\n1\n",
                "0\n0\na 0 1\n",
                "0\n1\na 0\n",
                "0\n1\na 0 1 2\n",
                "0\n1\na x 1\n",
                "0\n1\na 0 -1\n",
                "0\n1\na 0 99999999999999999999\n",
                "0\n1\na 3000000000 1\n",
                "0\n2\na 0 1\na 0 2\n",
                "0\n1\n\0\0\0\0",
            })
    void aMalformedCheckpointIsRefusedByName(String content) throws IOException {
        write(OffsetCheckpointFile.RECOVERY_POINTS, content);
        assertThatThrownBy(offsets::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(
                        folder.resolve(OffsetCheckpointFile.RECOVERY_POINTS).toString());
    }

    @Test
    void brokerAndClusterIdAreWrittenAndReadBack() throws IOException {
        BrokerMetadataFile file = new BrokerMetadataFile(disk, folder);
        file.write(BrokerMetadata.of(7, "abc"));
        assertThat(text("meta.properties")).isEqualTo("version=0\nbroker.id=7\ncluster.id=abc\n");
        assertThat(file.read()).contains(BrokerMetadata.of(7, "abc"));
        file.write(BrokerMetadata.of(7, "a=b c\\d"));
        assertThat(file.read()).contains(BrokerMetadata.of(7, "a=b c\\d"));
        BrokerMetadata ofAnId = new BrokerMetadata(1, 0, Optional.of("abc"), Optional.of("e=f"));
        file.write(ofAnId);
        assertThat(file.read()).contains(ofAnId);
    }

    @Test
    void whatKafkaWritesWithZookeeperAndWithKraftIsRead() throws IOException {
        BrokerMetadataFile file = new BrokerMetadataFile(disk, folder);
        write("meta.properties", "#\n#Sun Nov 22 11:00:00 UTC 2026\ncluster.id=c\nbroker.id=1\nversion=0\n");
        assertThat(file.read()).contains(BrokerMetadata.of(1, "c"));
        write("meta.properties", "#\nnode.id=2\ndirectory.id=d\nversion=1\ncluster.id=c\n");
        assertThat(file.read()).contains(new BrokerMetadata(1, 2, Optional.of("c"), Optional.of("d")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "version=2\nbroker.id=1\n", "version=0\nbroker.id=one\n", "version=0\ncluster.id=\\u00"})
    void malformedBrokerMetadataIsRefusedByName(String content) throws IOException {
        write("meta.properties", content);
        assertThatThrownBy(new BrokerMetadataFile(disk, folder)::read)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("meta.properties");
    }

    @Test
    void theCleanShutdownMarkIsThereInItsOldAndItsNewForm() throws IOException {
        CleanShutdownFile mark = new CleanShutdownFile(disk, folder);
        assertThat(mark.exists()).isFalse();
        mark.delete();
        mark.write();
        assertThat(mark.exists()).isTrue();
        assertThat(text(".kafka_cleanshutdown")).isEqualTo("{\"version\":0,\"brokerEpoch\":-1}");
        mark.delete();
        assertThat(mark.exists()).isFalse();
        write(".kafka_cleanshutdown", "");
        assertThat(mark.exists()).isTrue();
    }

    @Test
    void aDeletedMarkDoesNotComeBackWithAPowerLoss() throws IOException {
        for (int run = 0; run < POWER_LOSSES; run++) {
            CleanShutdownFile mark = new CleanShutdownFile(disk, folder);
            mark.write();
            mark.delete();
            disk.powerLoss(new Random(run));
            assertThat(mark.exists()).isFalse();
        }
    }

    @Test
    void aCrashBetweenAnyTwoOperationsLeavesTheOldOrTheNewContent() throws IOException {
        SortedMap<TopicPartition, Long> before = offsets("a", 1L, "b", 2L);
        SortedMap<TopicPartition, Long> after = offsets("a", 10L, "b", 20L);
        long start = disk.operations();
        offsets.write(before);
        long operations = disk.operations() - start;
        for (long crashAfter = 0; crashAfter < operations; crashAfter++) {
            for (int run = 0; run < POWER_LOSSES; run++) {
                offsets.write(before);
                disk.haltAfter(crashAfter);
                assertThatThrownBy(() -> offsets.write(after)).isInstanceOf(IOException.class);
                if (run == 0) {
                    disk.kill();
                } else {
                    disk.powerLoss(new Random(run));
                }
                assertThat(offsets.read()).isIn(before, after);
            }
        }
        offsets.write(after);
        disk.powerLoss(new Random(1));
        assertThat(offsets.read()).isEqualTo(after);
    }

    private static SortedMap<TopicPartition, Long> offsets(String one, long oneOffset, String two, long twoOffset) {
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        offsets.put(new TopicPartition(one, 0), oneOffset);
        offsets.put(new TopicPartition(two, 0), twoOffset);
        return offsets;
    }

    private void write(String name, String content) throws IOException {
        try (LogFile file = disk.open(folder.resolve(name))) {
            file.truncate(0);
            file.append(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private String text(String name) throws IOException {
        return ReplacedFile.read(disk, folder.resolve(name)).orElseThrow();
    }
}
