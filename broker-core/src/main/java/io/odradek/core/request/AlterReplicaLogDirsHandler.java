package io.odradek.core.request;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.odradek.protocol.api.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.odradek.protocol.api.AlterReplicaLogDirsResponse;
import io.odradek.protocol.api.AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult;
import io.odradek.protocol.api.AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.manager.LogMoves;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AlterReplicaLogDirs, versions 0 to 2: begins to move logs of this broker to other folders of {@code log.dirs}, while they
 * are written and read (KIP-113). The answer does not wait for the moves; DescribeLogDirs shows how far they are.
 *
 * <p>A partition that is named several times goes where it is named last, and is answered once. Versions: 1 is 0 again, but a
 * throttled client is answered first (KIP-219); 2 is flexible (KIP-482).
 *
 * <p>Errors of a partition: LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR for a folder that is offline or fails, or has the log,
 * REPLICA_NOT_AVAILABLE if only other brokers have a log of it, on which tools that move replicas ask again,
 * UNKNOWN_TOPIC_OR_PARTITION if nobody has, INVALID_TOPIC_EXCEPTION for a topic whose name is too long for the
 * name of a copy.
 */
public final class AlterReplicaLogDirsHandler implements RequestHandler<AlterReplicaLogDirsRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AlterReplicaLogDirsHandler.class);

    private final LogMoves moves;
    private final MetadataSource metadata;
    private final int brokerId;
    private final SlowRequests disk;
    private final PartitionLookup lookup;
    private final FewLines refusals;

    /**
     * @param metadata knows which partitions there are
     * @param brokerId this broker's id
     * @param disk opens the copies
     */
    public AlterReplicaLogDirsHandler(
            LogMoves moves, MetadataSource metadata, int brokerId, SlowRequests disk, Clock clock) {
        this.moves = moves;
        this.metadata = metadata;
        this.brokerId = brokerId;
        this.disk = disk;
        this.lookup = new PartitionLookup(metadata);
        this.refusals = new FewLines(LOG, clock);
    }

    @Override
    public void handle(AlterReplicaLogDirsRequest request, RequestContext context) {
        disk.serve(context, () -> new AlterReplicaLogDirsResponse(results(request)));
    }

    private List<AlterReplicaLogDirTopicResult> results(AlterReplicaLogDirsRequest request) {
        SortedMap<TopicPartition, String> targets = new TreeMap<>();
        for (AlterReplicaLogDir dir : request.dirs()) {
            for (AlterReplicaLogDirTopic topic : dir.topics()) {
                for (int partition : topic.partitions()) {
                    targets.put(new TopicPartition(topic.name(), partition), dir.path());
                }
            }
        }
        SortedMap<String, List<AlterReplicaLogDirPartitionResult>> byTopic = new TreeMap<>();
        targets.forEach((id, path) -> byTopic.computeIfAbsent(id.topic(), name -> new ArrayList<>())
                .add(new AlterReplicaLogDirPartitionResult(id.partition(), move(id, path))));
        List<AlterReplicaLogDirTopicResult> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((name, partitions) -> topics.add(new AlterReplicaLogDirTopicResult(name, partitions)));
        return topics;
    }

    private ErrorCode move(TopicPartition id, String path) {
        try {
            moves.move(id, Path.of(path));
            return ErrorCode.NONE;
        } catch (ApiException e) {
            return e.error() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION ? whyNoLog(id) : e.error();
        } catch (InvalidPathException e) {
            return ErrorCode.LOG_DIR_NOT_FOUND;
        } catch (IOException e) {
            refusals.warn(id + " cannot be moved to " + Quoted.text(path) + ": " + e.getMessage());
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
    }

    private ErrorCode whyNoLog(TopicPartition id) {
        if (!lookup.exists(id)) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        var partitions = metadata.image().topics().get(id.topic()).partitions();
        return partitions.get(id.partition()).failed().contains(brokerId)
                ? ErrorCode.KAFKA_STORAGE_ERROR
                : ErrorCode.REPLICA_NOT_AVAILABLE;
    }
}
