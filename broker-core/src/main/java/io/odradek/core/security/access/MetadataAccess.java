package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.CREATE;
import static io.odradek.core.security.acl.AclOperation.DESCRIBE;
import static io.odradek.core.security.acl.ResourceType.CLUSTER;
import static io.odradek.core.security.acl.ResourceType.CLUSTER_NAME;
import static io.odradek.core.security.acl.ResourceType.TOPIC;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Metadata: Describe on each topic. One that is named and may not be described is refused, whether it exists or not; of all
 * topics those are shown that may be described, and one that is named by its identifier is refused without its name. A topic
 * that does not exist and would be created needs Create, on the cluster or on the topic.
 */
final class MetadataAccess implements AccessRule<MetadataRequest> {
    private static final int NOT_ASKED = Integer.MIN_VALUE;

    private final MetadataSource metadata;
    private final boolean creates;

    /**
     * @param metadata tells what exists
     * @param creates {@code auto.create.topics.enable}
     */
    MetadataAccess(MetadataSource metadata, boolean creates) {
        this.metadata = metadata;
        this.creates = creates;
    }

    @Override
    public void serve(
            MetadataRequest request, RequestContext context, Asking asking, RequestHandler<MetadataRequest> handler) {
        boolean all = request.topics() == null
                || asking.version() == 0 && request.topics().isEmpty();
        if (all) {
            handler.handle(
                    request,
                    new ChangedAnswer(context, request, answer -> ofAll(request, (MetadataResponse) answer, asking)));
            return;
        }
        List<MetadataRequestTopic> left = new ArrayList<>();
        Set<String> refused = new LinkedHashSet<>();
        boolean mayCreate = false;
        MetadataImage image = metadata.image();
        for (MetadataRequestTopic topic : request.topics()) {
            boolean byId = topic.name() == null || !topic.topicId().equals(Uuid.ZERO);
            boolean describable = byId || asking.may(DESCRIBE, TOPIC, topic.name());
            boolean missing = describable && !byId && !image.topics().containsKey(topic.name());
            if (describable && (!missing || mayComeToBe(topic.name(), request, asking))) {
                left.add(topic);
                mayCreate |= missing;
            } else {
                refused.add(topic.name());
            }
        }
        serveLeft(request, left, mayCreate, refused, context, asking, handler);
    }

    /** {@return whether the topic would not be created, or may be} */
    private boolean mayComeToBe(String topic, MetadataRequest request, Asking asking) {
        return !creates
                || !request.allowAutoTopicCreation()
                || asking.mayQuietlyWithCluster(CREATE)
                || asking.may(CREATE, TOPIC, topic);
    }

    private static void serveLeft(
            MetadataRequest request,
            List<MetadataRequestTopic> left,
            boolean mayCreate,
            Set<String> refused,
            RequestContext context,
            Asking asking,
            RequestHandler<MetadataRequest> handler) {
        // One that exists now and is deleted before it is looked up is not to be created by who may not.
        boolean creating = request.allowAutoTopicCreation() && mayCreate;
        MetadataRequest rest = new MetadataRequest(
                left,
                creating,
                request.includeClusterAuthorizedOperations(),
                request.includeTopicAuthorizedOperations());
        handler.handle(rest, new ChangedAnswer(context, rest, answer -> {
            MetadataResponse found = (MetadataResponse) answer;
            List<MetadataResponseTopic> topics = new ArrayList<>();
            // Version 0 has no request for no topics: it would be one for all.
            for (MetadataResponseTopic topic : left.isEmpty() ? List.<MetadataResponseTopic>of() : found.topics()) {
                boolean hidden = isThere(topic) && !asking.may(DESCRIBE, TOPIC, topic.name());
                topics.add(hidden ? refused(null, topic.topicId()) : shown(request, topic, asking));
            }
            refused.forEach(name -> topics.add(refused(name, Uuid.ZERO)));
            return with(request, found, topics, asking);
        }));
    }

    private static MetadataResponse ofAll(MetadataRequest request, MetadataResponse answer, Asking asking) {
        List<MetadataResponseTopic> topics = new ArrayList<>(answer.topics().size());
        for (MetadataResponseTopic topic : answer.topics()) {
            if (asking.mayQuietly(DESCRIBE, TOPIC, topic.name())) {
                topics.add(shown(request, topic, asking));
            }
        }
        return with(request, answer, topics, asking);
    }

    private static boolean isThere(MetadataResponseTopic topic) {
        return topic.name() != null && !topic.topicId().equals(Uuid.ZERO) && topic.errorCode() == ErrorCode.NONE;
    }

    private static MetadataResponseTopic refused(String name, Uuid id) {
        boolean internal = name != null && TopicNames.internal(name);
        return new MetadataResponseTopic(
                ErrorCode.TOPIC_AUTHORIZATION_FAILED, name, id, internal, List.of(), NOT_ASKED);
    }

    private static MetadataResponseTopic shown(MetadataRequest request, MetadataResponseTopic topic, Asking asking) {
        return !request.includeTopicAuthorizedOperations() || topic.name() == null
                ? topic
                : new MetadataResponseTopic(
                        topic.errorCode(),
                        topic.name(),
                        topic.topicId(),
                        topic.isInternal(),
                        topic.partitions(),
                        asking.operations(TOPIC, topic.name()));
    }

    private static MetadataResponse with(
            MetadataRequest request, MetadataResponse answer, List<MetadataResponseTopic> topics, Asking asking) {
        int operations = !request.includeClusterAuthorizedOperations()
                ? answer.clusterAuthorizedOperations()
                : asking.mayWithCluster(DESCRIBE) ? asking.operations(CLUSTER, CLUSTER_NAME) : 0;
        return new MetadataResponse(answer.brokers(), answer.clusterId(), answer.controllerId(), topics, operations);
    }
}
