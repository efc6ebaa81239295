package io.odradek.server.tools.dump;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.checkpoint.BrokerMetadataFile;
import io.odradek.storage.checkpoint.BrokerMetadataFile.BrokerMetadata;
import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.epoch.LeaderEpochCache;
import io.odradek.storage.epoch.MalformedCheckpointException;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.PartitionMetadataFile;
import io.odradek.storage.producer.ProducerSnapshot;
import io.odradek.storage.producer.SnapshotEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Shows the small files: producer snapshots, leader epochs, checkpoints of offsets, and who a folder belongs to. */
final class CheckpointDump {
    private final LogFileSystem files;
    private final DumpOutput out;
    private final Problems problems;

    CheckpointDump(LogFileSystem files, DumpOutput out, Problems problems) {
        this.files = files;
        this.out = out;
        this.problems = problems;
    }

    /** Shows a file. */
    void dump(DumpedFile file) throws IOException {
        try {
            show(file);
        } catch (MalformedFileException | MalformedCheckpointException malformed) {
            problems.report(file.path(), -1, Problems.without(file.path(), malformed), advice(file.kind()));
        }
    }

    private void show(DumpedFile file) throws IOException {
        switch (file.kind()) {
            case PRODUCER_SNAPSHOT -> snapshot(file.path());
            case LEADER_EPOCHS -> leaderEpochs(file.path());
            case PARTITION_METADATA -> partitionMetadata(file.path());
            case BROKER_METADATA -> brokerMetadata(file.path());
            default -> offsets(file.path());
        }
    }

    private static String advice(FileKind kind) {
        return switch (kind) {
            case PRODUCER_SNAPSHOT ->
                "While the broker is stopped the file can be deleted: a start makes another from the log";
            case LEADER_EPOCHS ->
                "While the broker is stopped the file can be deleted: a start finds the epochs in the log";
            case PARTITION_METADATA, BROKER_METADATA -> "Put back what it said, which the other folders' files tell";
            default ->
                "While the broker is stopped the file can be deleted: a start then reads the logs from their beginning";
        };
    }

    private void snapshot(Path path) throws IOException {
        for (SnapshotEntry producer : ProducerSnapshot.entries(files, path)) {
            out.producer(producer);
        }
    }

    private void leaderEpochs(Path path) throws IOException {
        for (LeaderEpochCache.Entry entry : LeaderEpochCache.load(files, path).entries()) {
            out.leaderEpoch(entry.epoch(), entry.startOffset());
        }
    }

    private void partitionMetadata(Path path) throws IOException {
        Uuid topicId = PartitionMetadataFile.read(files, path);
        if (topicId.equals(Uuid.ZERO)) {
            throw new MalformedFileException(path, "it names no topic");
        }
        out.properties("topicId", topicId.toString());
    }

    private void brokerMetadata(Path path) throws IOException {
        Optional<BrokerMetadata> read =
                new BrokerMetadataFile(files, path.toAbsolutePath().getParent()).read();
        if (read.isPresent()) {
            BrokerMetadata metadata = read.get();
            out.properties(
                    "version",
                    Integer.toString(metadata.version()),
                    "brokerId",
                    Integer.toString(metadata.brokerId()),
                    "clusterId",
                    metadata.clusterId().orElse(null),
                    "directoryId",
                    metadata.directoryId().orElse(null));
        }
    }

    private void offsets(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Map<TopicPartition, Long> offsets =
                new OffsetCheckpointFile(files, folder, path.getFileName().toString()).read();
        for (Map.Entry<TopicPartition, Long> entry : offsets.entrySet()) {
            out.offset(entry.getKey(), entry.getValue());
        }
    }
}
