package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.CleanShutdownFile;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.TestBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a {@link LogManager} does, on whatever disk. */
abstract class LogManagerContract {
    static final LogConfig CONFIG = LogConfig.of(Map.of(), Map.of());
    static final TopicPartition A = new TopicPartition("a", 0);
    static final TopicPartition B = new TopicPartition("b", 0);
    static final TopicPartition C = new TopicPartition("c", 0);

    final SimulatedWorld world = new SimulatedWorld(5);
    final SimulatedLoop logIo = world.newLoop("log-io");
    final List<String> failures = new ArrayList<>();
    final Uuid topicId = world.newRandoms("topics").nextUuid();

    abstract LogFileSystem disk();

    /** {@return a folder to keep log folders in} */
    abstract Path root();

    LogManager open(Path... paths) throws IOException {
        return open(topic -> CONFIG, paths);
    }

    private LogManager open(Function<String, LogConfig> topicConfigs, Path... paths) throws IOException {
        LogFolders folders = LogFolders.open(disk(), List.of(paths));
        StorageEnvironment environment = new StorageEnvironment(
                world.clock(),
                world.newRandoms("manager"),
                StorageLoops.single(logIo),
                (folder, cause) -> failures.add(folder + ": " + cause.getMessage()));
        try {
            return LogManager.open(folders, environment, LogManagerSettings.DEFAULT, topicConfigs);
        } catch (IOException | RuntimeException e) {
            folders.close();
            throw e;
        }
    }

    Path one() {
        return root().resolve("one");
    }

    Path two() {
        return root().resolve("two");
    }

    @Test
    void logsAreCreatedFoundAgainAndSorted() throws IOException {
        try (LogManager manager = open(one())) {
            Log b = manager.getOrCreate(B, topicId, CONFIG);
            manager.getOrCreate(A, topicId, CONFIG);
            assertThat(manager.getOrCreate(B, topicId, CONFIG)).isSameAs(b);
            assertThat(manager.logs()).extracting(Log::id).containsExactly(A, B);
            assertThat(manager.log(C)).isEmpty();
        }
        try (LogManager manager = open(one())) {
            assertThat(manager.logs()).extracting(Log::id).containsExactly(A, B);
            assertThat(manager.log(A).orElseThrow().topicId()).isEqualTo(topicId);
        }
    }

    @Test
    void aLogThatIsThereKeepsItsSettings() throws IOException {
        try (LogManager manager = open(one())) {
            Log log = manager.getOrCreate(A, topicId, CONFIG);
            LogConfig before = log.config();
            manager.getOrCreate(A, topicId, LogConfig.of(Map.of(), Map.of("retention.ms", "1")));
            assertThat(log.config()).isSameAs(before);
        }
    }

    @Test
    void theCheckpointKnowsOfATruncationBeforeAnythingCanBeAppended() throws IOException {
        try (LogManager manager = open(one())) {
            Log log = manager.getOrCreate(A, topicId, CONFIG);
            for (int i = 0; i < 5; i++) {
                BatchBuilder batch = new BatchBuilder(1 << 10);
                batch.append(1, null, ByteBuffer.allocate(9));
                log.append(batch.build(), 0, 1);
            }
            log.flush();
            manager.offsets().save();
            log.truncateTo(3);
            OffsetCheckpointFile saved = new OffsetCheckpointFile(disk(), one(), OffsetCheckpointFile.RECOVERY_POINTS);
            assertThat(saved.read()).containsEntry(A, 3L);
        }
    }

    @Test
    void aLogWithoutTopicIdLearnsItForGood() throws IOException {
        try (LogManager manager = open(one())) {
            manager.getOrCreate(A, Uuid.ZERO, CONFIG);
            assertThat(manager.getOrCreate(A, topicId, CONFIG).topicId()).isEqualTo(topicId);
        }
        try (LogManager manager = open(one())) {
            assertThat(manager.log(A).orElseThrow().topicId()).isEqualTo(topicId);
        }
    }

    @Test
    void aLogOfAnotherTopicOfThatNameIsRefused() throws IOException {
        try (LogManager manager = open(one())) {
            manager.getOrCreate(A, topicId, CONFIG);
            assertThatThrownBy(() -> manager.getOrCreate(A, new Uuid(1, 1), CONFIG))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining(topicId.toString());
        }
    }

    @Test
    void aNewLogGoesToTheFolderWithTheFewest() throws IOException {
        try (LogManager manager = open(one(), two())) {
            assertThat(manager.getOrCreate(A, topicId, CONFIG).folder()).isEqualTo(one().resolve("a-0"));
            assertThat(manager.getOrCreate(B, topicId, CONFIG).folder()).isEqualTo(two().resolve("b-0"));
            manager.delete(A);
            assertThat(manager.getOrCreate(C, topicId, CONFIG).folder()).isEqualTo(one().resolve("c-0"));
        }
    }

    @Test
    void aCleanStopLeavesMarksThatTheNextStartTakesAway() throws IOException {
        open(one(), two()).close();
        assertThat(new CleanShutdownFile(disk(), one()).exists()).isTrue();
        assertThat(new CleanShutdownFile(disk(), two()).exists()).isTrue();
        try (LogManager manager = open(one(), two())) {
            assertThat(new CleanShutdownFile(disk(), one()).exists()).isFalse();
            assertThat(new CleanShutdownFile(disk(), two()).exists()).isFalse();
            assertThat(manager.logs()).isEmpty();
        }
    }

    @Test
    void aDeletedLogIsRenamedAtOnceAndGoneAfterTheDelay() throws IOException {
        try (LogManager manager = open(one())) {
            manager.getOrCreate(A, topicId, CONFIG);
            manager.delete(A);
            manager.delete(B);
            assertThat(manager.log(A)).isEmpty();
            assertThat(partitionFolders(one())).singleElement().asString().matches("a-0\\.[0-9a-f]{32}-delete");
            manager.getOrCreate(A, new Uuid(9, 9), CONFIG);
            world.advanceMs(CONFIG.fileDeleteDelayMs() - 1);
            assertThat(partitionFolders(one())).hasSize(2);
            world.advanceMs(1);
            assertThat(partitionFolders(one())).containsExactly("a-0");
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void aDeletionThatWaitsAtTheStopIsDoneThen() throws IOException {
        LogManager manager = open(one());
        manager.getOrCreate(A, topicId, CONFIG);
        manager.delete(A);
        manager.close();
        assertThat(partitionFolders(one())).isEmpty();
        world.advanceMs(CONFIG.fileDeleteDelayMs());
        assertThat(failures).isEmpty();
    }

    @Test
    void aDeletionThatWasCutShortIsFinishedAtTheNextStart() throws IOException {
        disk().createFolders(one().resolve("a-0.0123456789abcdef0123456789abcdef-delete"));
        write(one().resolve("a-0.0123456789abcdef0123456789abcdef-delete").resolve("x.log"), "x");
        try (LogManager manager = open(one())) {
            world.runUntilIdle();
            assertThat(manager.logs()).isEmpty();
            assertThat(partitionFolders(one())).isEmpty();
        }
    }

    @Test
    void strangersInAFolderAreLeftAlone() throws IOException {
        disk().createFolders(one().resolve("lost+found"));
        disk().createFolders(one().resolve("__cluster_metadata-0"));
        write(one().resolve("notes-1"), "a file, not a folder");
        try (LogManager manager = open(one())) {
            assertThat(manager.logs()).isEmpty();
        }
        assertThat(disk().list(one())).contains("lost+found", "__cluster_metadata-0", "notes-1");
    }

    @Test
    void aPartitionInTwoFoldersIsRefused() throws IOException {
        disk().createFolders(one().resolve("a-0"));
        disk().createFolders(two().resolve("a-0"));
        assertThatThrownBy(() -> open(one(), two()))
                .isInstanceOf(LogFolderException.class)
                .hasMessageContainingAll(one().toString(), two().toString(), "a-0", "move away");
    }

    @Test
    void offsetsAreSavedOnScheduleAndAtTheStop() throws IOException {
        Path saved = one().resolve("recovery-point-offset-checkpoint");
        try (LogManager manager = open(one())) {
            manager.getOrCreate(A, topicId, CONFIG);
            world.advanceMs(LogManagerSettings.DEFAULT.checkpointIntervalMs() - 1);
            assertThat(disk().exists(saved)).isFalse();
            world.advanceMs(1);
            assertThat(read(saved)).isEqualTo("0\n1\na 0 0\n");
            manager.getOrCreate(B, topicId, CONFIG);
        }
        assertThat(read(saved)).isEqualTo("0\n2\na 0 0\nb 0 0\n");
        world.advanceMs(LogManagerSettings.DEFAULT.checkpointIntervalMs());
        assertThat(read(saved)).isEqualTo("0\n2\na 0 0\nb 0 0\n");
    }

    @Test
    void highWatermarksAreKeptInTheFolderOfTheirLog() throws IOException {
        try (LogManager manager = open(one(), two())) {
            manager.getOrCreate(A, topicId, CONFIG);
            manager.getOrCreate(B, topicId, CONFIG);
            manager.offsets().saveHighWatermarks(Map.of(A, 5L, B, 6L, C, 7L));
        }
        assertThat(read(two().resolve("replication-offset-checkpoint"))).isEqualTo("0\n1\nb 0 6\n");
        try (LogManager manager = open(one(), two())) {
            manager.offsets().saveHighWatermarks(Map.of(A, 8L));
            assertThat(manager.offsets().highWatermarks()).isEqualTo(Map.of(A, 8L, B, 6L));
        }
    }

    @Test
    void theHighWatermarkOfAFormerLogInAnotherFolderIsNotALogsOwn() throws IOException {
        try (LogManager manager = open(one(), two())) {
            manager.getOrCreate(A, topicId, CONFIG);
            manager.getOrCreate(B, topicId, CONFIG);
            manager.offsets().saveHighWatermarks(Map.of(A, 5L, B, 6L));
        }
        write(two().resolve("replication-offset-checkpoint"), "0\n2\na 0 9\nb 0 6\n");
        try (LogManager manager = open(one(), two())) {
            assertThat(manager.offsets().highWatermarks()).isEqualTo(Map.of(A, 5L, B, 6L));
        }
    }

    @Test
    void aDamagedCheckpointCostsARecoveryAndNothingElse() throws IOException {
        try (LogManager manager = open(one())) {
            manager.getOrCreate(A, topicId, CONFIG);
        }
        write(one().resolve("recovery-point-offset-checkpoint"), "garbage");
        try (LogManager manager = open(one())) {
            assertThat(manager.log(A).orElseThrow().recoveryPoint()).isZero();
        }
    }

    @Test
    void whatIsSavedOfALogThatCannotBeOpenedIsThereWhenItCanBeAgain() throws IOException {
        Function<String, LogConfig> broken = topic -> {
            if (topic.equals(A.topic())) {
                throw new IllegalStateException("broken");
            }
            return CONFIG;
        };
        try (LogManager manager = open(one())) {
            Log a = manager.getOrCreate(A, topicId, CONFIG);
            manager.getOrCreate(B, topicId, CONFIG);
            for (int i = 0; i < 10; i++) {
                a.append(TestBatches.batch(1_000, "value " + i), 0, 1_000);
            }
            a.updateHighWatermark(10);
            a.advanceStartTo(7);
        }
        try (LogManager manager = open(broken, one())) {
            assertThat(manager.logs()).extracting(Log::id).containsExactly(B);
        }
        assertThat(new CleanShutdownFile(disk(), one()).exists()).isFalse();
        try (LogManager manager = open(one())) {
            assertThat(manager.log(A).orElseThrow().startOffset()).isEqualTo(7);
            assertThat(manager.log(A).orElseThrow().recoveryPoint()).isEqualTo(10);
        }
        assertThat(new CleanShutdownFile(disk(), one()).exists()).isTrue();
        try (LogManager manager = open(broken, one())) {
            manager.delete(A);
        }
        assertThat(new CleanShutdownFile(disk(), one()).exists()).isTrue();
        assertThat(read(one().resolve("log-start-offset-checkpoint"))).doesNotContain("a 0");
    }

    @Test
    void aClosedManagerCreatesNothing() throws IOException {
        LogManager manager = open(one());
        manager.close();
        manager.close();
        assertThatThrownBy(() -> manager.getOrCreate(A, topicId, CONFIG)).isInstanceOf(IllegalStateException.class);
        assertThat(partitionFolders(one())).isEmpty();
    }

    List<String> partitionFolders(Path folder) throws IOException {
        List<String> names = new ArrayList<>(disk().list(folder));
        names.removeIf(name -> name.startsWith(".") || name.endsWith("checkpoint"));
        return names;
    }

    private void write(Path path, String content) throws IOException {
        try (LogFile file = disk().open(path)) {
            file.truncate(0);
            file.append(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private String read(Path path) throws IOException {
        try (LogFile file = disk().openForRead(path)) {
            ByteBuffer into = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(into, 0);
            return StandardCharsets.UTF_8.decode(into.flip()).toString();
        }
    }
}
