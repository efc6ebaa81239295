package io.odradek.core.request;

import io.odradek.core.controller.CreationLimits;
import io.odradek.core.controller.TopicCreator;
import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Metadata 0 to 12: the live brokers on the listener the request came by, the controller, and topics, each once however
 * often it is named. All topics are asked for by an empty list in version 0 and by null from version 1 on. From version 12
 * on (KIP-516) a topic may be asked for by identifier, and then its name, which clients leave empty or null, does not
 * matter; in versions 10 and 11, which have the field but not the meaning, that is INVALID_REQUEST for the whole request.
 *
 * <p>A topic that does not exist is created if the request (from version 4 on) and {@code auto.create.topics.enable} allow
 * it, and the answer waits until its leaders serve, but no longer than the handler's bound: then it is
 * LEADER_NOT_AVAILABLE. What is beyond the limits of one request stays UNKNOWN_TOPIC_OR_PARTITION, and is created when the
 * client asks again.
 *
 * <p>Versions: 1 brought racks, the controller and the mark of internal topics; 2 the cluster's id (KIP-78); 3 the
 * throttle time (KIP-124); 4 leaves creation to the client; 5 tells offline replicas (KIP-112); from 6 on a throttled
 * client is answered first (KIP-219); 7 brought leader epochs (KIP-320); 8 authorized operations (KIP-430); 9 is
 * flexible (KIP-482); 10 brought identifiers, usable from 12 on (KIP-516); 11 leaves the cluster's authorized
 * operations to DescribeCluster (KIP-700).
 *
 * <p>Errors of a topic: INVALID_TOPIC_EXCEPTION, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, LEADER_NOT_AVAILABLE,
 * INVALID_REQUEST, and what the creation of a topic may fail with. Of a partition: LEADER_NOT_AVAILABLE,
 * LISTENER_NOT_FOUND from version 6 on, and REPLICA_NOT_AVAILABLE in version 0, which leaves out the replicas that clients
 * cannot reach.
 */
public final class MetadataHandler implements RequestHandler<MetadataRequest> {
    private static final short FIRST_WITH_USABLE_IDS = 12;

    private final MetadataSource metadata;
    private final AutoCreation creation;
    private final EventLoop loop;
    private final TopicLines lines;

    /**
     * How topics come into being because they are asked for.
     *
     * @param enabled {@code auto.create.topics.enable}
     * @param creator creates them
     * @param limits how much one request may create
     * @param maxWaitMs how long a request waits for the topics it creates
     */
    public record AutoCreation(boolean enabled, TopicCreator creator, CreationLimits limits, long maxWaitMs) {}

    /**
     * @param metadata the image
     * @param creation how topics are created
     * @param loop where waiting requests live
     * @param lines tells of the topics
     */
    public MetadataHandler(MetadataSource metadata, AutoCreation creation, EventLoop loop, TopicLines lines) {
        this.metadata = metadata;
        this.creation = creation;
        this.loop = loop;
        this.lines = lines;
    }

    @Override
    public void handle(MetadataRequest request, RequestContext context) {
        short version = context.header().apiVersion();
        if (version < FIRST_WITH_USABLE_IDS && asksForIds(request)) {
            refuse(request, context);
            return;
        }
        List<MetadataRequestTopic> wanted = wanted(request, version);
        boolean creates = wanted != null && creation.enabled() && request.allowAutoTopicCreation();
        Map<String, CompletableFuture<ErrorCode>> created = creates ? create(wanted, context) : Map.of();
        if (created.isEmpty()) {
            respond(request, wanted, created, context);
            return;
        }
        CompletionStage<Void> all =
                CompletableFuture.allOf(created.values().toArray(new CompletableFuture<?>[created.size()]));
        Deadline.await(
                context, loop, creation.maxWaitMs(), all, (done, error) -> respond(request, wanted, created, context));
    }

    /** {@return each topic that is asked for, once; null for all topics} */
    private static List<MetadataRequestTopic> wanted(MetadataRequest request, short version) {
        boolean all =
                request.topics() == null || version == 0 && request.topics().isEmpty();
        if (all) {
            return null;
        }
        List<MetadataRequestTopic> wanted = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Uuid> ids = new HashSet<>();
        for (MetadataRequestTopic topic : request.topics()) {
            boolean byId = topic.name() == null
                    || version >= FIRST_WITH_USABLE_IDS && !topic.topicId().equals(Uuid.ZERO);
            if (byId ? ids.add(topic.topicId()) : names.add(topic.name())) {
                wanted.add(byId ? new MetadataRequestTopic(topic.topicId(), null) : topic);
            }
        }
        return wanted;
    }

    private static boolean asksForIds(MetadataRequest request) {
        for (MetadataRequestTopic topic :
                request.topics() == null ? List.<MetadataRequestTopic>of() : request.topics()) {
            if (topic.name() == null || !topic.topicId().equals(Uuid.ZERO)) {
                return true;
            }
        }
        return false;
    }

    /** Begins to create what is missing. {@return what will have become of each topic; the map does not change} */
    private Map<String, CompletableFuture<ErrorCode>> create(
            List<MetadataRequestTopic> wanted, RequestContext context) {
        MetadataImage image = metadata.image();
        CreationLimits.Budget budget = creation.limits().budget();
        Map<String, CompletableFuture<ErrorCode>> created = new TreeMap<>();
        for (MetadataRequestTopic topic : wanted) {
            String name = topic.name();
            boolean missing = name != null && !image.topics().containsKey(name) && TopicNames.legal(name);
            if (missing && budget.take(creation.creator().partitionsOf(name))) {
                created.put(name, begin(name, context));
            }
        }
        return created;
    }

    private CompletableFuture<ErrorCode> begin(String topic, RequestContext context) {
        return lines.asked(topic, creation.creator().create(topic), context)
                .exceptionally(error -> ErrorCode.UNKNOWN_SERVER_ERROR)
                .toCompletableFuture();
    }

    private void respond(
            MetadataRequest request,
            List<MetadataRequestTopic> wanted,
            Map<String, CompletableFuture<ErrorCode>> created,
            RequestContext context) {
        MetadataAnswer answer = answer(request, context);
        if (wanted == null) {
            context.respond(answer.response(answer.allTopics()));
            return;
        }
        List<MetadataResponseTopic> topics = new ArrayList<>(wanted.size());
        for (MetadataRequestTopic topic : wanted) {
            topics.add(one(answer, topic, created));
        }
        context.respond(answer.response(topics));
    }

    private MetadataAnswer answer(MetadataRequest request, RequestContext context) {
        String listener = context.connection().peer().listenerName();
        return new MetadataAnswer(metadata.image(), listener, context.header().apiVersion(), request);
    }

    private void refuse(MetadataRequest request, RequestContext context) {
        MetadataAnswer answer = answer(request, context);
        List<MetadataResponseTopic> topics = new ArrayList<>(request.topics().size());
        for (MetadataRequestTopic topic : request.topics()) {
            String name = topic.name() == null ? "" : topic.name();
            topics.add(answer.failed(name, topic.topicId(), ErrorCode.INVALID_REQUEST));
        }
        context.respond(answer.response(topics));
    }

    private static MetadataResponseTopic one(
            MetadataAnswer answer, MetadataRequestTopic wanted, Map<String, CompletableFuture<ErrorCode>> created) {
        String name = wanted.name();
        if (name == null) {
            return answer.topicById(wanted.topicId());
        }
        TopicInfo topic = answer.image().topics().get(name);
        return topic == null ? answer.failed(name, Uuid.ZERO, whyNot(name, created.get(name))) : answer.topic(topic);
    }

    private static ErrorCode whyNot(String name, CompletableFuture<ErrorCode> creation) {
        if (!TopicNames.legal(name)) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        if (creation == null) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        ErrorCode outcome = creation.getNow(ErrorCode.NONE);
        return switch (outcome) {
            // Being created, being deleted, or governed by a controller that is changing: it pays to ask again.
            case NONE, TOPIC_ALREADY_EXISTS, NOT_CONTROLLER -> ErrorCode.LEADER_NOT_AVAILABLE;
            default -> outcome;
        };
    }
}
