package io.odradek.core.request;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Metadata 0 to 12: the live brokers on the listener the request came by, the controller, and topics. All topics are
 * asked for by an empty list in version 0 and by null from version 1 on. From version 12 on a topic may be asked for by
 * identifier; in versions 10 and 11, which have the field but not the meaning, that is INVALID_REQUEST.
 *
 * <p>A topic that does not exist is created if the request and {@code auto.create.topics.enable} allow it, and the answer
 * waits until its leaders serve, but no longer than the handler's bound: then it is LEADER_NOT_AVAILABLE.
 *
 * <p>Errors of a topic: INVALID_TOPIC_EXCEPTION, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, LEADER_NOT_AVAILABLE,
 * INVALID_REQUEST, and what the creation of a topic may fail with. Of a partition: LEADER_NOT_AVAILABLE, and
 * LISTENER_NOT_FOUND from version 6 on.
 */
public final class MetadataHandler implements RequestHandler<MetadataRequest> {
    private static final short FIRST_WITH_USABLE_IDS = 12;

    private final MetadataSource metadata;
    private final TopicCreator creator;
    private final EventLoop loop;
    private final boolean autoCreate;
    private final long maxWaitMs;

    /**
     * @param metadata the image
     * @param creator creates topics
     * @param loop where waiting requests live
     * @param autoCreate {@code auto.create.topics.enable}
     * @param maxWaitMs how long a request waits for the topics it creates
     */
    public MetadataHandler(
            MetadataSource metadata, TopicCreator creator, EventLoop loop, boolean autoCreate, long maxWaitMs) {
        this.metadata = metadata;
        this.creator = creator;
        this.loop = loop;
        this.autoCreate = autoCreate;
        this.maxWaitMs = maxWaitMs;
    }

    @Override
    public void handle(MetadataRequest request, RequestContext context) {
        MetadataImage image = metadata.image();
        boolean creates = autoCreate && request.allowAutoTopicCreation();
        Set<String> missing = creates ? missing(request, context.header().apiVersion(), image) : Set.of();
        if (missing.isEmpty()) {
            respond(request, context, Map.of());
            return;
        }
        SortedMap<String, ErrorCode> created = new TreeMap<>();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (String topic : missing) {
            created.put(topic, ErrorCode.LEADER_NOT_AVAILABLE);
            CompletionStage<ErrorCode> creation = creator.create(topic, -1, (short) -1, Map.of());
            all = all.thenCombine(creation, (before, outcome) -> {
                loop.post(() -> created.put(topic, outcome));
                return null;
            });
        }
        Deadline.await(context, loop, maxWaitMs, all, (done, error) -> respond(request, context, created));
    }

    private static Set<String> missing(MetadataRequest request, short version, MetadataImage image) {
        Set<String> missing = new LinkedHashSet<>();
        if (request.topics() != null) {
            for (MetadataRequestTopic topic : request.topics()) {
                String name = topic.name();
                boolean wanted = name != null
                        && !illegalUseOfIds(topic, version)
                        && !image.topics().containsKey(name)
                        && !TopicNames.internal(name)
                        && TopicNames.legal(name);
                if (wanted) {
                    missing.add(name);
                }
            }
        }
        return missing;
    }

    private void respond(MetadataRequest request, RequestContext context, Map<String, ErrorCode> created) {
        short version = context.header().apiVersion();
        MetadataAnswer answer =
                new MetadataAnswer(metadata.image(), context.connection().peer().listenerName(), version, request);
        List<MetadataResponseTopic> topics;
        if (wantsAll(request, version)) {
            topics = answer.allTopics();
        } else {
            topics = new ArrayList<>(request.topics().size());
            for (MetadataRequestTopic topic : request.topics()) {
                topics.add(one(answer, topic, created));
            }
        }
        context.respond(answer.response(topics));
    }

    private static boolean wantsAll(MetadataRequest request, short version) {
        return request.topics() == null || version == 0 && request.topics().isEmpty();
    }

    private static MetadataResponseTopic one(
            MetadataAnswer answer, MetadataRequestTopic wanted, Map<String, ErrorCode> created) {
        String name = wanted.name();
        if (illegalUseOfIds(wanted, answer.version())) {
            return answer.failed(name == null ? "" : name, wanted.topicId(), ErrorCode.INVALID_REQUEST);
        }
        if (name == null) {
            return answer.topicById(wanted.topicId());
        }
        TopicInfo topic = answer.image().topics().get(name);
        return topic == null ? answer.failed(name, Uuid.ZERO, whyNot(name, created)) : answer.topic(topic);
    }

    private static boolean illegalUseOfIds(MetadataRequestTopic topic, short version) {
        return version < FIRST_WITH_USABLE_IDS
                && (topic.name() == null || !topic.topicId().equals(Uuid.ZERO));
    }

    private static ErrorCode whyNot(String name, Map<String, ErrorCode> created) {
        if (!TopicNames.legal(name)) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        return switch (created.getOrDefault(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)) {
            // Being created, being deleted, or governed by a controller that is changing: it pays to ask again.
            case NONE, TOPIC_ALREADY_EXISTS, NOT_CONTROLLER -> ErrorCode.LEADER_NOT_AVAILABLE;
            default -> created.getOrDefault(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        };
    }
}
