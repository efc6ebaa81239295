package io.odradek.core.request;

import io.odradek.core.controller.Controller;
import io.odradek.core.controller.Outcome;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.odradek.protocol.api.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.odradek.protocol.api.AlterPartitionReassignmentsResponse;
import io.odradek.protocol.api.AlterPartitionReassignmentsResponse.ReassignablePartitionResponse;
import io.odradek.protocol.api.AlterPartitionReassignmentsResponse.ReassignableTopicResponse;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * AlterPartitionReassignments 0 and 1 (KIP-455): moves the replicas of partitions, each on its own, or ends moves where they began,
 * and answers when they have begun. Of a partition that is named twice, what is said last counts. If the time given is over
 * first, what is under way goes on and is answered REQUEST_TIMED_OUT. From version 1 on a client may say that no partition is
 * to have more or fewer replicas than it is to have now (KIP-860).
 *
 * <p>Errors of a partition: UNKNOWN_TOPIC_OR_PARTITION, INVALID_REPLICA_ASSIGNMENT for a list of replicas that cannot be, or
 * that would leave nobody who could lead without losing records, INVALID_REPLICATION_FACTOR, NO_REASSIGNMENT_IN_PROGRESS, POLICY_VIOLATION,
 * KAFKA_STORAGE_ERROR; of the whole: NOT_CONTROLLER, REQUEST_TIMED_OUT.
 */
public final class AlterPartitionReassignmentsHandler implements RequestHandler<AlterPartitionReassignmentsRequest> {
    private final Controller controller;
    private final EventLoop loop;

    /**
     * @param controller this broker's controller
     * @param loop where waiting requests live
     */
    public AlterPartitionReassignmentsHandler(Controller controller, EventLoop loop) {
        this.controller = controller;
        this.loop = loop;
    }

    @Override
    public void handle(AlterPartitionReassignmentsRequest request, RequestContext context) {
        SortedMap<TopicPartition, List<Integer>> wanted = new TreeMap<>();
        for (ReassignableTopic topic : request.topics()) {
            for (ReassignablePartition partition : topic.partitions()) {
                wanted.put(new TopicPartition(topic.name(), partition.partitionIndex()), partition.replicas());
            }
        }
        var moves = controller.alterReassignments(wanted, request.allowReplicationFactorChange());
        Deadline.await(context, loop, Math.max(0, request.timeoutMs()), moves, (outcomes, error) -> {
            if (outcomes != null) {
                context.respond(answer(request, Outcome.DONE, results(outcomes)));
            } else {
                context.respond(answer(request, failure(error), List.of()));
            }
        });
    }

    private static AlterPartitionReassignmentsResponse answer(
            AlterPartitionReassignmentsRequest request, Outcome outcome, List<ReassignableTopicResponse> results) {
        return new AlterPartitionReassignmentsResponse(
                request.allowReplicationFactorChange(), outcome.error(), outcome.message(), results);
    }

    /** {@return what is said of a request that has failed as a whole} @param error why, null if its time is over */
    static Outcome failure(Throwable error) {
        if (error == null) {
            return new Outcome(ErrorCode.REQUEST_TIMED_OUT, "The time given is over");
        }
        return error instanceof ApiException refusal
                ? new Outcome(refusal.error(), refusal.getMessage())
                : new Outcome(ErrorCode.UNKNOWN_SERVER_ERROR, error.toString());
    }

    private static List<ReassignableTopicResponse> results(SortedMap<TopicPartition, Outcome> outcomes) {
        SortedMap<String, List<ReassignablePartitionResponse>> byTopic = new TreeMap<>();
        outcomes.forEach((id, outcome) -> byTopic.computeIfAbsent(id.topic(), any -> new ArrayList<>())
                .add(new ReassignablePartitionResponse(id.partition(), outcome.error(), outcome.message())));
        List<ReassignableTopicResponse> results = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, partitions) -> results.add(new ReassignableTopicResponse(topic, partitions)));
        return results;
    }
}
