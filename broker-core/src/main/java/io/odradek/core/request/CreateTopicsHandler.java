package io.odradek.core.request;

import io.odradek.core.config.LiveConfig;
import io.odradek.core.controller.Controller;
import io.odradek.core.controller.NewTopic;
import io.odradek.core.controller.TopicResult;
import io.odradek.core.transport.MutationAllowance;
import io.odradek.core.transport.RequestCharge;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableReplicaAssignment;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * CreateTopics 0 to 7: creates topics, each on its own, and answers when their leaders serve. With {@code validateOnly}
 * (version 1 on) it only says what would come of it. -1 partitions or replicas stand for the broker's defaults. A name
 * given twice is INVALID_REQUEST, and answered twice; of a setting or a partition that is, the last counts. If the time given is over first, what is under way goes on and is answered
 * REQUEST_TIMED_OUT; with a time of 0 or less that is the answer at once, for topics that are not refused.
 *
 * <p>Versions: 0 is KIP-4; 1 brought {@code validateOnly} and messages; 2 the throttle time (KIP-124); from 3 on a
 * throttled client is answered first (KIP-219); 4 is 3 again and says that a client may ask for the defaults (KIP-464);
 * 5 is flexible (KIP-482) and tells the partitions, replicas and settings that a topic has got (KIP-525); 6 says that a
 * client knows how creations are throttled (KIP-599); 7 tells the identifier (KIP-516).
 *
 * <p>Errors of a topic: INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS, INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR,
 * INVALID_REPLICA_ASSIGNMENT, INVALID_CONFIG, INVALID_REQUEST, POLICY_VIOLATION, NOT_CONTROLLER, REQUEST_TIMED_OUT,
 * KAFKA_STORAGE_ERROR, and THROTTLING_QUOTA_EXCEEDED where the client has created too much (from version 6 on; before, it only rests
 * afterwards).
 */
public final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequest> {
    private static final int FIRST_REFUSED = 6;

    /** For what the controller says without waiting for anybody, but when its turn has come. */
    private static final long WITHOUT_WAITING_MS = 30_000;

    private final Controller controller;
    private final EventLoop loop;
    private final TopicSettings settings;
    private final TopicLines lines;

    /**
     * @param controller this broker's controller
     * @param loop where waiting requests live
     * @param config the broker's settings, which topics inherit
     * @param lines tells of the topics
     */
    public CreateTopicsHandler(Controller controller, EventLoop loop, LiveConfig config, TopicLines lines) {
        this.controller = controller;
        this.loop = loop;
        this.settings = new TopicSettings(config);
        this.lines = lines;
    }

    @Override
    public void handle(CreateTopicsRequest request, RequestContext context) {
        List<NewTopic> wanted = new ArrayList<>();
        Map<String, CreatableTopicResult> results = new LinkedHashMap<>();
        Set<String> repeated = repeated(request.topics());
        for (CreatableTopic topic : request.topics()) {
            results.put(topic.name(), failed(topic.name(), ErrorCode.REQUEST_TIMED_OUT, "The time given is over"));
            if (repeated.contains(topic.name())) {
                results.put(
                        topic.name(),
                        failed(topic.name(), ErrorCode.INVALID_REQUEST, "The topic is named more than once"));
            } else {
                wanted.add(wanted(topic));
            }
        }
        RequestCharge charge = context.charge();
        MutationAllowance quota = charge == null ? null : charge.mutations(FIRST_REFUSED);
        if (request.timeoutMs() <= 0 && !request.validateOnly()) {
            createWithoutWaiting(request, wanted, quota, results, context);
            return;
        }
        long timeoutMs = request.validateOnly() ? WITHOUT_WAITING_MS : request.timeoutMs();
        var creation = controller.createTopics(wanted, request.validateOnly(), quota);
        if (!request.validateOnly()) {
            lines.creating(creation, context);
        }
        Deadline.await(context, loop, timeoutMs, creation, (created, error) -> {
            if (created != null) {
                created.forEach(result -> results.put(result.name(), result(result)));
            } else if (error != null) {
                wanted.forEach(topic -> results.put(topic.name(), failed(topic.name(), error)));
            }
            context.respond(response(request, results));
        });
    }

    /** What is refused is told; the rest goes on, unawaited. */
    private void createWithoutWaiting(
            CreateTopicsRequest request,
            List<NewTopic> wanted,
            MutationAllowance quota,
            Map<String, CreatableTopicResult> results,
            RequestContext context) {
        var refusals = controller.beginTopics(wanted, quota);
        lines.begun(wanted.stream().map(NewTopic::name).toList(), refusals, context);
        Deadline.await(context, loop, WITHOUT_WAITING_MS, refusals, (refused, error) -> {
            if (error != null) {
                wanted.forEach(topic -> results.put(topic.name(), failed(topic.name(), error)));
            } else if (refused != null) {
                refused.forEach(result -> results.put(result.name(), result(result)));
            }
            context.respond(response(request, results));
        });
    }

    private static CreateTopicsResponse response(
            CreateTopicsRequest request, Map<String, CreatableTopicResult> results) {
        return new CreateTopicsResponse(request.topics().stream()
                .map(topic -> results.get(topic.name()))
                .toList());
    }

    private static Set<String> repeated(List<CreatableTopic> topics) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (CreatableTopic topic : topics) {
            if (!seen.add(topic.name())) {
                repeated.add(topic.name());
            }
        }
        return repeated;
    }

    private static NewTopic wanted(CreatableTopic topic) {
        SortedMap<Integer, List<Integer>> assignment = new TreeMap<>();
        for (CreatableReplicaAssignment replicas : topic.assignments()) {
            assignment.put(replicas.partitionIndex(), List.copyOf(replicas.brokerIds()));
        }
        SortedMap<String, String> config = new TreeMap<>();
        for (CreatableTopicConfig setting : topic.configs()) {
            config.put(setting.name(), setting.value());
        }
        return new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor(), assignment, config);
    }

    private CreatableTopicResult result(TopicResult result) {
        if (result.error() != ErrorCode.NONE) {
            return failed(result.name(), result.error(), result.message());
        }
        return new CreatableTopicResult(
                result.name(),
                result.id(),
                ErrorCode.NONE,
                null,
                (short) 0,
                result.partitions(),
                result.replicationFactor(),
                settings.created(result.config()));
    }

    private static CreatableTopicResult failed(String name, Throwable error) {
        return error instanceof ApiException refusal
                ? failed(name, refusal.error(), refusal.getMessage())
                : failed(name, ErrorCode.UNKNOWN_SERVER_ERROR, error.toString());
    }

    private static CreatableTopicResult failed(String name, ErrorCode error, String message) {
        return new CreatableTopicResult(name, Uuid.ZERO, error, message, (short) 0, -1, (short) -1, List.of());
    }
}
