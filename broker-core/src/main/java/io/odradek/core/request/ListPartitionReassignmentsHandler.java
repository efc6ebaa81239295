package io.odradek.core.request;

import io.odradek.core.controller.Assignment;
import io.odradek.core.controller.Controller;
import io.odradek.core.controller.Outcome;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ListPartitionReassignmentsRequest;
import io.odradek.protocol.api.ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics;
import io.odradek.protocol.api.ListPartitionReassignmentsResponse;
import io.odradek.protocol.api.ListPartitionReassignmentsResponse.OngoingPartitionReassignment;
import io.odradek.protocol.api.ListPartitionReassignmentsResponse.OngoingTopicReassignment;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * ListPartitionReassignments 0 (KIP-455): tells which of some partitions, or of all, are being moved. Those that are not, or
 * that there are not, are left out. A move is over when those who are not to have the partition any more have deleted it.
 *
 * <p>Errors: NOT_CONTROLLER, REQUEST_TIMED_OUT.
 */
public final class ListPartitionReassignmentsHandler implements RequestHandler<ListPartitionReassignmentsRequest> {
    private final Controller controller;
    private final EventLoop loop;

    /**
     * @param controller this broker's controller
     * @param loop where waiting requests live
     */
    public ListPartitionReassignmentsHandler(Controller controller, EventLoop loop) {
        this.controller = controller;
        this.loop = loop;
    }

    @Override
    public void handle(ListPartitionReassignmentsRequest request, RequestContext context) {
        var moves = controller.reassignments(wanted(request));
        Deadline.await(context, loop, Math.max(0, request.timeoutMs()), moves, (found, error) -> {
            if (found != null) {
                context.respond(new ListPartitionReassignmentsResponse(ErrorCode.NONE, null, topics(found)));
            } else {
                Outcome failure = AlterPartitionReassignmentsHandler.failure(error);
                context.respond(new ListPartitionReassignmentsResponse(failure.error(), failure.message(), List.of()));
            }
        });
    }

    private static SortedSet<TopicPartition> wanted(ListPartitionReassignmentsRequest request) {
        if (request.topics() == null) {
            return null;
        }
        SortedSet<TopicPartition> wanted = new TreeSet<>();
        for (ListPartitionReassignmentsTopics topic : request.topics()) {
            topic.partitionIndexes().forEach(partition -> wanted.add(new TopicPartition(topic.name(), partition)));
        }
        return wanted;
    }

    private static List<OngoingTopicReassignment> topics(SortedMap<TopicPartition, Assignment> found) {
        SortedMap<String, List<OngoingPartitionReassignment>> byTopic = new TreeMap<>();
        for (Map.Entry<TopicPartition, Assignment> entry : found.entrySet()) {
            Assignment moving = entry.getValue();
            byTopic.computeIfAbsent(entry.getKey().topic(), any -> new ArrayList<>())
                    .add(new OngoingPartitionReassignment(
                            entry.getKey().partition(), moving.replicas(), moving.adding(), moving.removing()));
        }
        List<OngoingTopicReassignment> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, partitions) -> topics.add(new OngoingTopicReassignment(topic, partitions)));
        return topics;
    }
}
