package io.odradek.core.request.group;

import io.odradek.core.coordination.ConsumerPaths;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordinator.tree.TreePositions;
import io.odradek.core.coordinator.tree.TreePositions.Position;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.Deadline;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.odradek.protocol.api.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Version 0 of OffsetCommit and OffsetFetch, which any broker answers: positions in the cluster's tree, as in Apache Kafka 3.9's
 * ZooKeeper mode. Notes beside positions are not kept, and who coordinates a group neither asks nor hears.
 *
 * <p>Errors of a partition: UNKNOWN_TOPIC_OR_PARTITION, of a fetch also where there is no position; OFFSET_METADATA_TOO_LARGE;
 * UNKNOWN_SERVER_ERROR for a group that no node can be named after ({@link ConsumerPaths#canHold}), and for a position that is
 * no number; POLICY_VIOLATION where there is no room for new positions; COORDINATOR_NOT_AVAILABLE while the tree is away.
 */
public final class TreeOffsets {
    private final EventLoop loop;
    private final MetadataSource metadata;
    private final Limits limits;
    private final TreePositions positions;

    /**
     * What it goes by.
     *
     * @param maxMetadataLength of the note beside a position ({@code offset.metadata.max.bytes})
     * @param maxBytes what all positions may take ({@code odradek.tree.positions.max.bytes})
     * @param waitMs how long a request waits for the tree ({@code offsets.commit.timeout.ms})
     */
    public record Limits(int maxMetadataLength, long maxBytes, int waitMs) {}

    /**
     * @param metadata tells which partitions exist
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     */
    public TreeOffsets(MetadataSource metadata, CoordinationStore store, EventLoop loop, Clock clock, Limits limits) {
        this.loop = loop;
        this.metadata = metadata;
        this.limits = limits;
        this.positions = new TreePositions(store, loop, clock, limits.maxBytes());
    }

    /** OffsetCommit 0. */
    void commit(OffsetCommitRequest request, RequestContext context) {
        Map<TopicPartition, Long> accepted = new LinkedHashMap<>();
        OffsetCommitResponse refusals = answer(request, (id, partition) -> {
            ErrorCode error = refusal(request.groupId(), id, partition);
            if (error == ErrorCode.NONE) {
                accepted.put(id, partition.committedOffset());
            }
            return error;
        });
        if (accepted.isEmpty()) {
            context.respond(refusals);
            return;
        }
        var written = positions.write(request.groupId(), accepted);
        Deadline.await(context, loop, limits.waitMs(), written, (outcomes, error) -> {
            Map<TopicPartition, ErrorCode> known = outcomes == null ? Map.of() : outcomes;
            context.respond(answer(request, (id, partition) -> {
                ErrorCode own = refusal(request.groupId(), id, partition);
                return own == ErrorCode.NONE ? known.getOrDefault(id, ErrorCode.COORDINATOR_NOT_AVAILABLE) : own;
            }));
        });
    }

    private ErrorCode refusal(String groupId, TopicPartition id, OffsetCommitRequestPartition partition) {
        if (!exists(id)) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        String note = partition.committedMetadata();
        if (note != null && note.length() > limits.maxMetadataLength()) {
            return ErrorCode.OFFSET_METADATA_TOO_LARGE;
        }
        return ConsumerPaths.canHold(groupId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_SERVER_ERROR;
    }

    private boolean exists(TopicPartition id) {
        TopicInfo topic = metadata.image().topics().get(id.topic());
        return topic != null
                && id.partition() >= 0
                && id.partition() < topic.partitions().size();
    }

    private static OffsetCommitResponse answer(
            OffsetCommitRequest request, BiFunction<TopicPartition, OffsetCommitRequestPartition, ErrorCode> errors) {
        List<OffsetCommitResponseTopic> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetCommitRequestTopic topic : request.topics()) {
            List<OffsetCommitResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                ErrorCode error = errors.apply(new TopicPartition(topic.name(), index), partition);
                partitions.add(new OffsetCommitResponsePartition(index, error));
            }
            topics.add(new OffsetCommitResponseTopic(topic.name(), partitions));
        }
        return new OffsetCommitResponse(topics);
    }

    /** OffsetFetch 0, which is answered for each partition once. */
    void fetch(OffsetFetchRequest request, RequestContext context) {
        Map<String, Set<Integer>> wanted = new LinkedHashMap<>();
        Set<TopicPartition> there = new LinkedHashSet<>();
        for (OffsetFetchRequestTopic topic : request.topics()) {
            wanted.computeIfAbsent(topic.name(), name -> new LinkedHashSet<>()).addAll(topic.partitionIndexes());
            for (int index : topic.partitionIndexes()) {
                TopicPartition id = new TopicPartition(topic.name(), index);
                if (exists(id)) {
                    there.add(id);
                }
            }
        }
        if (there.isEmpty() || !ConsumerPaths.canHold(request.groupId())) {
            Position refused = new Position(-1, ErrorCode.UNKNOWN_SERVER_ERROR);
            context.respond(answer(wanted, id -> there.contains(id) ? refused : Position.NONE));
            return;
        }
        Position unknown = new Position(-1, ErrorCode.COORDINATOR_NOT_AVAILABLE);
        var read = positions.read(request.groupId(), there);
        Deadline.await(context, loop, limits.waitMs(), read, (found, error) -> {
            Map<TopicPartition, Position> known = found == null ? Map.of() : found;
            context.respond(answer(wanted, id -> there.contains(id) ? known.getOrDefault(id, unknown) : Position.NONE));
        });
    }

    private static OffsetFetchResponse answer(
            Map<String, Set<Integer>> wanted, Function<TopicPartition, Position> positions) {
        List<OffsetFetchResponseTopic> topics = new ArrayList<>(wanted.size());
        wanted.forEach((name, indexes) -> {
            List<OffsetFetchResponsePartition> partitions = new ArrayList<>(indexes.size());
            for (int index : indexes) {
                Position position = positions.apply(new TopicPartition(name, index));
                partitions.add(new OffsetFetchResponsePartition(index, position.offset(), -1, "", position.error()));
            }
            if (!partitions.isEmpty()) {
                topics.add(new OffsetFetchResponseTopic(name, partitions));
            }
        });
        return new OffsetFetchResponse(topics, ErrorCode.NONE, List.of());
    }
}
