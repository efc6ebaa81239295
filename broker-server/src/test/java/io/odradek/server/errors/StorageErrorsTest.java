package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.INVALID_TOPIC_EXCEPTION;
import static io.odradek.protocol.errors.ErrorCode.KAFKA_STORAGE_ERROR;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.AlterReplicaLogDirsRequest;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.odradek.protocol.api.DeleteRecordsRequest;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsPartition;
import io.odradek.protocol.api.DeleteRecordsRequest.DeleteRecordsTopic;
import io.odradek.protocol.api.DescribeLogDirsRequest;
import io.odradek.protocol.api.DescribeProducersRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.hostile.HandmadeBatch;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log folder that fails at work, as clients of what lies in it see that. */
@Timeout(120)
class StorageErrorsTest {
    private static final String OBSTACLE = "replication-offset-checkpoint.tmp";

    @TempDir
    Path root;

    private static ProduceRequest produce() throws IOException {
        BytesPayload records =
                new BytesPayload(new HandmadeBatch().records(1, 0, 0).build());
        return new ProduceRequest(
                null,
                (short) 1,
                5_000,
                List.of(new TopicProduceData("t", List.of(new PartitionProduceData(0, records)))));
    }

    private static FetchRequest fetch() {
        var wanted = List.of(new FetchPartition(0, -1, 0, -1, -1, 1 << 20, Uuid.ZERO));
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                50,
                0,
                1 << 20,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic("t", Uuid.ZERO, wanted)),
                List.of(),
                "");
    }

    @Test
    void whatLiesInAFolderThatHasFailed() throws Exception {
        String folders = root.resolve("one") + "," + root.resolve("two");
        try (ErrorsBed bed =
                ErrorsBed.start("log.dirs", folders, "replica.high.watermark.checkpoint.interval.ms", "100")) {
            bed.create("t", 1);
            String longest = "x".repeat(249);
            bed.create(longest, 1);
            for (String folder : List.of("one", "two")) {
                ErrorCode[] expected = Files.exists(root.resolve(folder).resolve(longest + "-0"))
                        ? new ErrorCode[0]
                        : new ErrorCode[] {INVALID_TOPIC_EXCEPTION};
                var topic = new AlterReplicaLogDirTopic(longest, List.of(0));
                String path = root.resolve(folder).toString();
                bed.expect(
                        new AlterReplicaLogDirsRequest(List.of(new AlterReplicaLogDir(path, List.of(topic)))),
                        2,
                        expected);
            }
            Path failing = root.resolve(Files.exists(root.resolve("one/t-0")) ? "one" : "two");
            Path sound = root.resolve(failing.endsWith("one") ? "two" : "one");
            bed.expect(produce(), 9);
            obstruct(failing);
            await().atMost(ErrorsBed.PATIENCE)
                    .until(() -> bed.errors(produce(), 9), List.of(KAFKA_STORAGE_ERROR)::equals);

            bed.expect(fetch(), 11, KAFKA_STORAGE_ERROR);
            expect(
                    bed,
                    new ListOffsetsRequest(
                            -1,
                            (byte) 0,
                            List.of(new ListOffsetsTopic("t", List.of(new ListOffsetsPartition(0, -1, -1, 1))))));
            expect(
                    bed,
                    new OffsetForLeaderEpochRequest(
                            -1,
                            List.of(new OffsetForLeaderTopic("t", List.of(new OffsetForLeaderPartition(0, -1, 0))))));
            bed.expect(
                    new DeleteRecordsRequest(
                            List.of(new DeleteRecordsTopic("t", List.of(new DeleteRecordsPartition(0, 0)))), 5_000),
                    2,
                    KAFKA_STORAGE_ERROR);
            bed.expect(
                    new DescribeProducersRequest(List.of(new DescribeProducersRequest.TopicRequest("t", List.of(0)))),
                    0,
                    KAFKA_STORAGE_ERROR);
            bed.expect(new DescribeLogDirsRequest(null), 4, KAFKA_STORAGE_ERROR);
            for (Path folder : List.of(failing, sound)) {
                var topic = new AlterReplicaLogDirTopic("t", List.of(0));
                var request = new AlterReplicaLogDirsRequest(
                        List.of(new AlterReplicaLogDir(folder.toString(), List.of(topic))));
                // Until its own metadata say that the replica has failed, the broker tells tools to ask again.
                await().atMost(ErrorsBed.PATIENCE)
                        .until(() -> bed.errors(request, 2), List.of(KAFKA_STORAGE_ERROR)::equals);
            }
        }
    }

    private static void expect(ErrorsBed bed, io.odradek.protocol.api.ApiRequest request) throws IOException {
        bed.expect(request, 4, KAFKA_STORAGE_ERROR);
    }

    /** The broker may be writing the file of that name just now, and renames it then. */
    private static void obstruct(Path folder) throws IOException {
        while (!Files.isDirectory(folder.resolve(OBSTACLE))) {
            try {
                Files.createDirectory(folder.resolve(OBSTACLE));
            } catch (FileAlreadyExistsException inUse) {
                Thread.onSpinWait();
            }
        }
    }
}
