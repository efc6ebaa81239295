package io.odradek.core.request;

import io.odradek.core.controller.Controller;
import io.odradek.core.controller.Outcome;
import io.odradek.core.controller.TopicGrowth;
import io.odradek.core.transport.MutationAllowance;
import io.odradek.core.transport.RequestCharge;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreatePartitionsResponse;
import io.odradek.protocol.api.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CreatePartitions 0 to 3: adds partitions to topics, each on its own, and answers when their leaders serve. With {@code
 * validateOnly} it only says what would come of it. A topic that is named twice is INVALID_REQUEST, and answered once. If the
 * time given is over first, what is under way goes on and is answered REQUEST_TIMED_OUT; with a time of 0 or less that is the answer
 * at once, for topics that are not refused.
 *
 * <p>Versions: 0 is KIP-195; from 1 on a throttled client is answered first (KIP-219); 2 is flexible (KIP-482); clients of 3
 * know how growth is throttled (KIP-599).
 *
 * <p>Errors of a topic: UNKNOWN_TOPIC_OR_PARTITION, INVALID_PARTITIONS, INVALID_REPLICA_ASSIGNMENT,
 * INVALID_REPLICATION_FACTOR, INVALID_REQUEST, POLICY_VIOLATION, NOT_CONTROLLER, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR,
 * and THROTTLING_QUOTA_EXCEEDED where the client has added too much (from version 3 on; before, it only rests afterwards).
 */
public final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequest> {
    private static final int FIRST_REFUSED = 3;

    /** For what the controller says without waiting for anybody, but when its turn has come. */
    private static final long WITHOUT_WAITING_MS = 30_000;

    private final Controller controller;
    private final EventLoop loop;
    private final TopicLines lines;

    /**
     * @param controller this broker's controller
     * @param loop where waiting requests live
     * @param lines tells of the topics
     */
    public CreatePartitionsHandler(Controller controller, EventLoop loop, TopicLines lines) {
        this.controller = controller;
        this.loop = loop;
        this.lines = lines;
    }

    @Override
    public void handle(CreatePartitionsRequest request, RequestContext context) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        List<TopicGrowth> wanted = new ArrayList<>();
        Set<String> repeated = repeated(request.topics());
        for (CreatePartitionsTopic topic : request.topics()) {
            if (repeated.contains(topic.name())) {
                outcomes.put(topic.name(), new Outcome(ErrorCode.INVALID_REQUEST, "The topic is named more than once"));
            } else {
                outcomes.put(topic.name(), new Outcome(ErrorCode.REQUEST_TIMED_OUT, "The time given is over"));
                wanted.add(new TopicGrowth(topic.name(), topic.count(), assignment(topic)));
            }
        }
        boolean unawaited = !request.validateOnly() && request.timeoutMs() <= 0;
        long timeoutMs = request.validateOnly() || unawaited ? WITHOUT_WAITING_MS : request.timeoutMs();
        var refusals = unawaited ? controller.createPartitions(wanted, true) : null;
        RequestCharge charge = context.charge();
        MutationAllowance quota = charge == null ? null : charge.mutations(FIRST_REFUSED);
        var growth = controller.createPartitions(wanted, request.validateOnly(), quota);
        if (!request.validateOnly()) {
            Map<String, Integer> counts = new HashMap<>();
            wanted.forEach(topic -> counts.put(topic.topic(), topic.partitions()));
            lines.growing(counts, growth, context);
        }
        Deadline.await(context, loop, timeoutMs, unawaited ? refusals : growth, (grown, error) -> {
            if (grown != null) {
                grown.forEach((topic, outcome) -> {
                    if (!unawaited || outcome.error() != ErrorCode.NONE) {
                        outcomes.put(topic, outcome);
                    }
                });
            } else if (error != null) {
                wanted.forEach(topic -> outcomes.put(topic.topic(), failed(error)));
            }
            context.respond(new CreatePartitionsResponse(results(outcomes)));
        });
    }

    private static List<List<Integer>> assignment(CreatePartitionsTopic topic) {
        if (topic.assignments() == null) {
            return null;
        }
        List<List<Integer>> assignment = new ArrayList<>();
        for (CreatePartitionsAssignment replicas : topic.assignments()) {
            assignment.add(List.copyOf(replicas.brokerIds()));
        }
        return assignment;
    }

    private static Set<String> repeated(List<CreatePartitionsTopic> topics) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (CreatePartitionsTopic topic : topics) {
            if (!seen.add(topic.name())) {
                repeated.add(topic.name());
            }
        }
        return repeated;
    }

    private static Outcome failed(Throwable error) {
        return error instanceof ApiException refusal
                ? new Outcome(refusal.error(), refusal.getMessage())
                : new Outcome(ErrorCode.UNKNOWN_SERVER_ERROR, error.toString());
    }

    private static List<CreatePartitionsTopicResult> results(Map<String, Outcome> outcomes) {
        List<CreatePartitionsTopicResult> results = new ArrayList<>(outcomes.size());
        outcomes.forEach((topic, outcome) ->
                results.add(new CreatePartitionsTopicResult(topic, outcome.error(), outcome.message())));
        return results;
    }
}
