package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AlterConfigsRequest;
import io.odradek.protocol.api.AlterConfigsRequest.AlterConfigsResource;
import io.odradek.protocol.api.AlterConfigsRequest.AlterableConfig;
import io.odradek.protocol.api.AlterConfigsResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreatePartitionsResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.TopicSettingsFile;
import io.odradek.storage.checkpoint.TopicSettingsFile.Settings;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.LogSetting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What topics override is kept beside their data, and found there when the tree has lost it. */
class KeptSettingsTest {
    private static final String JOURNAL = "coordination.journal";

    private final SimulatedBed bed = new SimulatedBed(SimulatedWorld.seedFromSystem(), Map.of());

    @AfterEach
    void close() {
        bed.disk.close();
    }

    private void create(String topic, Map<String, String> settings) {
        CreateTopicsResponse created = bed.ask(
                ApiKey.CREATE_TOPICS,
                Requests.CREATE_TOPICS_VERSION,
                Requests.createTopic(topic, 2, settings),
                CreateTopicsResponse.class);
        assertThat(created.topics().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    private void delete(String topic) {
        DeleteTopicsResponse deleted = bed.ask(
                ApiKey.DELETE_TOPICS,
                Requests.DELETE_TOPICS_VERSION,
                Requests.deleteTopic(topic),
                DeleteTopicsResponse.class);
        assertThat(deleted.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    private void alter(String topic, String name, String value) {
        AlterConfigsRequest request = new AlterConfigsRequest(
                List.of(new AlterConfigsResource((byte) 2, topic, List.of(new AlterableConfig(name, value)))), false);
        AlterConfigsResponse altered = bed.ask(ApiKey.ALTER_CONFIGS, 2, request, AlterConfigsResponse.class);
        assertThat(altered.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    private Map<String, String> inForce(String topic) {
        return bed.broker.partition(new TopicPartition(topic, 0)).log().config().overrides();
    }

    /** {@return what the folders' files say together, by topic} */
    private SortedMap<String, Map<String, String>> kept() throws IOException {
        SortedMap<String, Map<String, String>> kept = new TreeMap<>();
        for (Path folder : SimulatedBed.FOLDERS) {
            for (Map.Entry<String, Settings> topic : new TopicSettingsFile(bed.disk, folder)
                    .read()
                    .orElseThrow()
                    .topics()
                    .entrySet()) {
                kept.put(topic.getKey(), topic.getValue().overrides());
            }
        }
        return kept;
    }

    private void loseJournals() throws IOException {
        for (Path folder : SimulatedBed.FOLDERS) {
            bed.disk.delete(folder.resolve(JOURNAL));
        }
    }

    @Test
    void everyChangeReachesTheFilesBesideTheDataAndAKillDoesNotUndoIt() throws IOException {
        bed.start();
        create("plain", Map.of());
        create("forever", Map.of("retention.ms", "-1"));
        create("gone", Map.of("retention.ms", "5"));
        alter("plain", "cleanup.policy", "compact");
        delete("gone");
        bed.world.advanceMs(1_000);
        bed.broker.kill();
        assertThat(kept())
                .isEqualTo(
                        Map.of("plain", Map.of("cleanup.policy", "compact"), "forever", Map.of("retention.ms", "-1")));
        loseJournals();
        bed.start();
        assertThat(bed.topics()).containsExactly("forever", "plain");
        assertThat(inForce("plain")).isEqualTo(Map.of("cleanup.policy", "compact"));
        assertThat(inForce("forever")).isEqualTo(Map.of("retention.ms", "-1"));
        bed.stop();
    }

    @Test
    void aStopRightAfterAChangeKeepsIt() throws IOException {
        bed.start();
        create("t", Map.of("retention.ms", "-1"));
        bed.stop();
        assertThat(kept()).isEqualTo(Map.of("t", Map.of("retention.ms", "-1")));
    }

    @Test
    void aTopicOfTheSameNameHasNothingOfTheFormerOne() throws IOException {
        bed.start();
        create("t", Map.of("retention.ms", "5"));
        bed.world.advanceMs(1_000);
        bed.stop();
        Map<Path, ByteBuffer> former = new TreeMap<>();
        for (Path folder : SimulatedBed.FOLDERS) {
            former.put(folder, content(folder.resolve(TopicSettingsFile.NAME)));
        }
        bed.start();
        delete("t");
        create("t", Map.of());
        bed.stop();
        loseJournals();
        for (Path folder : SimulatedBed.FOLDERS) {
            try (LogFile file = bed.disk.open(folder.resolve(TopicSettingsFile.NAME))) {
                file.truncate(0);
                file.append(former.get(folder));
            }
        }
        bed.start();
        assertThat(inForce("t")).containsOnlyKeys(LogSetting.UNCONFIRMED);
        bed.stop();
    }

    @Test
    void whatAJournalHasLostAtItsEndIsTakenFromBesideTheData() throws IOException {
        bed.start();
        create("t", Map.of("retention.ms", "5"));
        bed.stop();
        Map<Path, Long> sizes = journalSizes();
        bed.start();
        alter("t", "retention.ms", "-1");
        create("late", Map.of("retention.ms", "7"));
        bed.stop();
        cutJournals(sizes);
        for (int start = 0; start < 2; start++) {
            bed.start();
            assertThat(inForce("t")).isEqualTo(Map.of("retention.ms", "-1"));
            assertThat(inForce("late")).isEqualTo(Map.of("retention.ms", "7"));
            bed.stop();
        }
    }

    @Test
    void partitionsThatAJournalHasLostAtItsEndAreTakenBack() throws IOException {
        bed.start();
        create("t", Map.of());
        bed.stop();
        Map<Path, Long> sizes = journalSizes();
        bed.start();
        CreatePartitionsRequest growth =
                new CreatePartitionsRequest(List.of(new CreatePartitionsTopic("t", 4, null)), 10_000, false);
        CreatePartitionsResponse grown = bed.ask(ApiKey.CREATE_PARTITIONS, 3, growth, CreatePartitionsResponse.class);
        assertThat(grown.results().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
        bed.stop();
        cutJournals(sizes);
        for (int start = 0; start < 2; start++) {
            bed.start();
            for (int partition = 0; partition < 4; partition++) {
                assertThat(bed.broker.partition(new TopicPartition("t", partition)))
                        .isNotNull();
            }
            bed.stop();
        }
    }

    @Test
    void aTopicThatWasCreatedAnewAfterWhatAJournalKnowsIsServedAsItIsInTheFolders() throws IOException {
        bed.start();
        create("t", Map.of("retention.ms", "5"));
        bed.stop();
        Map<Path, Long> sizes = journalSizes();
        bed.start();
        delete("t");
        create("t", Map.of("retention.ms", "6"));
        Uuid later = bed.broker.partition(new TopicPartition("t", 0)).log().topicId();
        alter("t", "retention.ms", "7");
        alter("t", "retention.ms", "8");
        alter("t", "retention.ms", "6");
        bed.stop();
        Map<Path, Long> written = new TreeMap<>();
        for (Path folder : SimulatedBed.FOLDERS) {
            written.put(
                    folder,
                    new TopicSettingsFile(bed.disk, folder).read().orElseThrow().lastChange());
        }
        cutJournals(sizes);
        for (int start = 0; start < 2; start++) {
            bed.start();
            assertThat(inForce("t")).isEqualTo(Map.of("retention.ms", "6"));
            assertThat(bed.broker.partition(new TopicPartition("t", 0)).log().topicId())
                    .isEqualTo(later);
            bed.stop();
        }
        for (Path folder : SimulatedBed.FOLDERS) {
            assertThat(new TopicSettingsFile(bed.disk, folder)
                            .read()
                            .orElseThrow()
                            .lastChange())
                    .as("once taken back, it does not count as lost again")
                    .isLessThan(written.get(folder));
        }
    }

    @Test
    void whatIsChangedAfterAJournalWasLostIsNotUndoneByWhatWasKeptBefore() throws IOException {
        bed.start();
        create("t", Map.of());
        bed.stop();
        bed.start();
        alter("t", "retention.ms", "5");
        bed.stop();
        loseJournals();
        bed.start();
        alter("t", "retention.ms", "9");
        bed.broker.kill();
        bed.start();
        assertThat(inForce("t")).isEqualTo(Map.of("retention.ms", "9"));
        bed.stop();
    }

    private Map<Path, Long> journalSizes() throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        for (Path folder : SimulatedBed.FOLDERS) {
            sizes.put(folder, bed.disk.sizeBytes(folder.resolve(JOURNAL)));
        }
        return sizes;
    }

    private void cutJournals(Map<Path, Long> sizes) throws IOException {
        for (Path folder : SimulatedBed.FOLDERS) {
            try (LogFile file = bed.disk.open(folder.resolve(JOURNAL))) {
                file.truncate(sizes.get(folder));
            }
        }
    }

    @Test
    void aDamagedFileIsPutAsideAndCountsForNothing() throws IOException {
        bed.start();
        create("t", Map.of("retention.ms", "-1"));
        bed.stop();
        loseJournals();
        for (Path folder : SimulatedBed.FOLDERS) {
            try (LogFile file = bed.disk.open(folder.resolve(TopicSettingsFile.NAME))) {
                file.truncate(file.sizeBytes() - 2);
            }
        }
        bed.start();
        assertThat(inForce("t")).containsOnlyKeys(LogSetting.UNCONFIRMED);
        assertThat(bed.disk.exists(SimulatedBed.FOLDERS.get(0).resolve("topic-settings.damaged")))
                .isTrue();
        bed.stop();
        assertThat(kept()).containsOnlyKeys("t");
    }

    @Test
    void withoutTopicsThereIsNoFile() throws IOException {
        bed.start();
        bed.stop();
        assertThat(bed.disk.exists(SimulatedBed.FOLDERS.get(0).resolve(TopicSettingsFile.NAME)))
                .isFalse();
    }

    private ByteBuffer content(Path path) throws IOException {
        try (LogFile file = bed.disk.openForRead(path)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(content, 0);
            return content.flip();
        }
    }
}
