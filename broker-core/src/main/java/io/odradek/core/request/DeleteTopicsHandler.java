package io.odradek.core.request;

import io.odradek.core.controller.Controller;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.MutationAllowance;
import io.odradek.core.transport.RequestCharge;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest.DeleteTopicState;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse.DeletableTopicResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * DeleteTopics 0 to 6: deletes topics by name or, from version 6 on, by identifier, and answers when nothing is left of
 * them, so that a topic of the same name can be created at once. Naming a topic by neither, or twice, is
 * INVALID_REQUEST, and so is a whole request that names any by both. If
 * the time given is over first, or is 0, the deletion goes on and is answered REQUEST_TIMED_OUT.
 *
 * <p>Versions: 0 is KIP-4; 1 brought the throttle time (KIP-124); from 2 on a throttled client is answered first
 * (KIP-219); from 3 on TOPIC_DELETION_DISABLED is known (KIP-322); 4 is flexible (KIP-482); 5 has room for messages,
 * and its clients know how deletions are throttled (KIP-599); 6 names topics by identifier as well (KIP-516).
 *
 * <p>Errors of a topic: UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, INVALID_REQUEST, NOT_CONTROLLER, REQUEST_TIMED_OUT,
 * KAFKA_STORAGE_ERROR, and TOPIC_DELETION_DISABLED where {@code delete.topic.enable} is off (INVALID_REQUEST before
 * version 3). THROTTLING_QUOTA_EXCEEDED where the client has deleted too much (from version 5 on; before, it only rests afterwards).
 */
public final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequest> {
    private static final short FIRST_WITH_IDS = 6;
    private static final int FIRST_REFUSED = 5;
    private static final short FIRST_WITH_DELETION_DISABLED = 3;

    private final Controller controller;
    private final MetadataSource metadata;
    private final EventLoop loop;
    private final boolean enabled;
    private final TopicLines lines;

    /**
     * @param controller this broker's controller
     * @param metadata the image
     * @param loop where waiting requests live
     * @param enabled {@code delete.topic.enable}
     * @param lines tells of the topics
     */
    public DeleteTopicsHandler(
            Controller controller, MetadataSource metadata, EventLoop loop, boolean enabled, TopicLines lines) {
        this.controller = controller;
        this.metadata = metadata;
        this.loop = loop;
        this.enabled = enabled;
        this.lines = lines;
    }

    @Override
    public void handle(DeleteTopicsRequest request, RequestContext context) {
        short version = context.header().apiVersion();
        List<DeleteTopicState> states = states(request, version);
        if (states.stream().anyMatch(DeleteTopicsHandler::isNamedTwofold)) {
            context.respond(new DeleteTopicsResponse(states.stream()
                    .map(state ->
                            failed(state, ErrorCode.INVALID_REQUEST, "A topic is named by name or by id, not by both"))
                    .toList()));
            return;
        }
        List<DeletableTopicResult> results = resolve(states, version);
        SortedMap<String, ErrorCode> outcomes = new TreeMap<>();
        SortedMap<String, Uuid> wanted = new TreeMap<>();
        RequestCharge charge = context.charge();
        MutationAllowance quota = charge == null ? null : charge.mutations(FIRST_REFUSED);
        for (int i = 0; i < results.size(); i++) {
            DeletableTopicResult result = charged(results.get(i), quota);
            results.set(i, result);
            if (result.errorCode() == ErrorCode.NONE) {
                outcomes.put(result.name(), ErrorCode.REQUEST_TIMED_OUT);
                // Who named it by its identifier does not mean another one that has its name by now.
                wanted.put(result.name(), states.get(i).name() == null ? result.topicId() : Uuid.ZERO);
            }
        }
        var deletion = controller.deleteTopics(wanted);
        lines.deleting(deletion, context);
        Deadline.await(context, loop, Math.max(0, request.timeoutMs()), deletion, (deleted, error) -> {
            if (deleted != null) {
                deleted.forEach((name, code) -> outcomes.put(name, unawaited(request, code)));
            } else if (error != null) {
                ErrorCode code =
                        error instanceof ApiException refusal ? refusal.error() : ErrorCode.UNKNOWN_SERVER_ERROR;
                if (code == ErrorCode.NOT_CONTROLLER) {
                    context.respond(new DeleteTopicsResponse(ofAnother(results)));
                    return;
                }
                outcomes.replaceAll((name, before) -> code);
            }
            context.respond(new DeleteTopicsResponse(withOutcomes(results, outcomes)));
        });
    }

    /** {@return the same result, or that its client has changed too much} */
    private DeletableTopicResult charged(DeletableTopicResult result, MutationAllowance quota) {
        if (quota == null || result.errorCode() != ErrorCode.NONE) {
            return result;
        }
        var topic = metadata.image().topics().get(result.name());
        return quota.take(topic == null ? 0 : topic.partitions().size())
                ? result
                : new DeletableTopicResult(
                        result.name(),
                        result.topicId(),
                        ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                        MutationAllowance.EXCEEDED);
    }

    /** Who does not wait is told so, however soon it is done. */
    private static ErrorCode unawaited(DeleteTopicsRequest request, ErrorCode outcome) {
        return request.timeoutMs() <= 0 && outcome == ErrorCode.NONE ? ErrorCode.REQUEST_TIMED_OUT : outcome;
    }

    private static boolean isNamedTwofold(DeleteTopicState state) {
        return state.name() != null && !state.topicId().equals(Uuid.ZERO);
    }

    private static List<DeleteTopicState> states(DeleteTopicsRequest request, short version) {
        if (version >= FIRST_WITH_IDS) {
            return request.topics();
        }
        List<DeleteTopicState> states = new ArrayList<>(request.topicNames().size());
        for (String name : request.topicNames()) {
            states.add(new DeleteTopicState(name, Uuid.ZERO));
        }
        return states;
    }

    /** {@return for each topic NONE and its name and identifier, or what is wrong with it; each name is NONE once only} */
    private List<DeletableTopicResult> resolve(List<DeleteTopicState> states, short version) {
        MetadataImage image = metadata.image();
        TreeSet<String> named = new TreeSet<>();
        List<DeletableTopicResult> results = new ArrayList<>(states.size());
        for (DeleteTopicState state : states) {
            boolean byId = state.name() == null;
            boolean unnamed = byId && state.topicId().equals(Uuid.ZERO);
            String name = byId ? image.topicNames().get(state.topicId()) : state.name();
            var topic = name == null ? null : image.topics().get(name);
            if (unnamed) {
                results.add(
                        failed(state, ErrorCode.INVALID_REQUEST, "A topic is named by name or by id, not by neither"));
            } else if (!enabled) {
                ErrorCode error = version < FIRST_WITH_DELETION_DISABLED
                        ? ErrorCode.INVALID_REQUEST
                        : ErrorCode.TOPIC_DELETION_DISABLED;
                results.add(failed(state, error, "delete.topic.enable is false"));
            } else if (topic == null) {
                results.add(
                        failed(state, byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null));
            } else if (!named.add(name)) {
                results.add(failed(state, ErrorCode.INVALID_REQUEST, "The topic is named more than once"));
            } else {
                results.add(new DeletableTopicResult(name, topic.id(), ErrorCode.NONE, null));
            }
        }
        return results;
    }

    private static DeletableTopicResult failed(DeleteTopicState state, ErrorCode error, String message) {
        return new DeletableTopicResult(state.name(), state.topicId(), error, message);
    }

    /** What this broker knows of topics need not be true when another one governs. */
    private static List<DeletableTopicResult> ofAnother(List<DeletableTopicResult> results) {
        List<DeletableTopicResult> answered = new ArrayList<>(results.size());
        for (DeletableTopicResult result : results) {
            answered.add(new DeletableTopicResult(
                    result.name(), result.topicId(), ErrorCode.NOT_CONTROLLER, "This broker is not the controller"));
        }
        return answered;
    }

    private static List<DeletableTopicResult> withOutcomes(
            List<DeletableTopicResult> results, Map<String, ErrorCode> outcomes) {
        List<DeletableTopicResult> answered = new ArrayList<>(results.size());
        for (DeletableTopicResult result : results) {
            ErrorCode outcome = result.errorCode() == ErrorCode.NONE ? outcomes.get(result.name()) : result.errorCode();
            answered.add(new DeletableTopicResult(result.name(), result.topicId(), outcome, result.errorMessage()));
        }
        return answered;
    }
}
