package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.DESCRIBE;
import static io.odradek.core.security.acl.ResourceType.GROUP;
import static io.odradek.core.security.acl.ResourceType.TOPIC;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.odradek.protocol.api.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * OffsetFetch: group by group, and topic by topic within each. Topics that are named are refused by name, of all positions
 * those are shown whose topics may be described.
 */
final class OffsetFetchAccess implements AccessRule<OffsetFetchRequest> {
    private static final int SEVERAL_GROUPS_SINCE = 8;
    private static final ErrorCode REFUSED = ErrorCode.TOPIC_AUTHORIZATION_FAILED;

    @Override
    public void serve(
            OffsetFetchRequest request,
            RequestContext context,
            Asking asking,
            RequestHandler<OffsetFetchRequest> handler) {
        if (asking.version() >= SEVERAL_GROUPS_SINCE) {
            serveSeveral(request, context, asking, handler);
        } else if (!asking.may(DESCRIBE, GROUP, request.groupId())) {
            context.respond(AccessRule.refused(request, asking, ErrorCode.GROUP_AUTHORIZATION_FAILED));
        } else {
            serveOne(request, context, asking, handler);
        }
    }

    private static void serveOne(
            OffsetFetchRequest request,
            RequestContext context,
            Asking asking,
            RequestHandler<OffsetFetchRequest> handler) {
        if (request.topics() == null) {
            handler.handle(
                    request,
                    new ChangedAnswer(context, request, answer -> shown((OffsetFetchResponse) answer, asking)));
            return;
        }
        List<OffsetFetchRequestTopic> left = new ArrayList<>();
        List<OffsetFetchResponseTopic> refused = new ArrayList<>();
        for (OffsetFetchRequestTopic topic : request.topics()) {
            if (asking.may(DESCRIBE, TOPIC, topic.name())) {
                left.add(topic);
            } else {
                List<OffsetFetchResponsePartition> partitions = new ArrayList<>();
                topic.partitionIndexes()
                        .forEach(index -> partitions.add(new OffsetFetchResponsePartition(index, -1, -1, "", REFUSED)));
                refused.add(new OffsetFetchResponseTopic(topic.name(), partitions));
            }
        }
        OffsetFetchRequest rest =
                new OffsetFetchRequest(request.groupId(), left, request.groups(), request.requireStable());
        handler.handle(rest, new ChangedAnswer(context, rest, answer -> {
            OffsetFetchResponse found = (OffsetFetchResponse) answer;
            return found.errorCode() == ErrorCode.NONE
                    ? new OffsetFetchResponse(Parts.both(found.topics(), refused), ErrorCode.NONE, List.of())
                    : found;
        }));
    }

    private static OffsetFetchResponse shown(OffsetFetchResponse all, Asking asking) {
        List<OffsetFetchResponseTopic> topics = new ArrayList<>(all.topics());
        topics.removeIf(topic -> !asking.mayQuietly(DESCRIBE, TOPIC, topic.name()));
        return new OffsetFetchResponse(topics, all.errorCode(), all.groups());
    }

    private static void serveSeveral(
            OffsetFetchRequest request,
            RequestContext context,
            Asking asking,
            RequestHandler<OffsetFetchRequest> handler) {
        List<OffsetFetchRequestGroup> left = new ArrayList<>();
        Map<String, List<OffsetFetchResponseTopics>> refusedTopics = new HashMap<>();
        List<OffsetFetchResponseGroup> refused = new ArrayList<>();
        for (OffsetFetchRequestGroup group : request.groups()) {
            if (asking.may(DESCRIBE, GROUP, group.groupId())) {
                left.add(withoutRefused(group, asking, refusedTopics));
            } else {
                refused.add(
                        new OffsetFetchResponseGroup(group.groupId(), List.of(), ErrorCode.GROUP_AUTHORIZATION_FAILED));
            }
        }
        if (left.isEmpty()) {
            context.respond(new OffsetFetchResponse(List.of(), ErrorCode.NONE, refused));
            return;
        }
        OffsetFetchRequest rest =
                new OffsetFetchRequest(request.groupId(), request.topics(), left, request.requireStable());
        handler.handle(rest, new ChangedAnswer(context, rest, answer -> {
            List<OffsetFetchResponseGroup> groups = new ArrayList<>();
            for (OffsetFetchResponseGroup found : ((OffsetFetchResponse) answer).groups()) {
                groups.add(shown(found, refusedTopics.getOrDefault(found.groupId(), List.of()), asking));
            }
            groups.addAll(refused);
            return new OffsetFetchResponse(List.of(), ErrorCode.NONE, groups);
        }));
    }

    private static OffsetFetchRequestGroup withoutRefused(
            OffsetFetchRequestGroup group, Asking asking, Map<String, List<OffsetFetchResponseTopics>> refused) {
        if (group.topics() == null) {
            return group;
        }
        List<OffsetFetchRequestTopics> left = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            if (asking.may(DESCRIBE, TOPIC, topic.name())) {
                left.add(topic);
            } else {
                List<OffsetFetchResponsePartitions> partitions = new ArrayList<>();
                topic.partitionIndexes()
                        .forEach(
                                index -> partitions.add(new OffsetFetchResponsePartitions(index, -1, -1, "", REFUSED)));
                refused.computeIfAbsent(group.groupId(), id -> new ArrayList<>())
                        .add(new OffsetFetchResponseTopics(topic.name(), partitions));
            }
        }
        return new OffsetFetchRequestGroup(group.groupId(), group.memberId(), group.memberEpoch(), left);
    }

    private static OffsetFetchResponseGroup shown(
            OffsetFetchResponseGroup found, List<OffsetFetchResponseTopics> refused, Asking asking) {
        if (found.errorCode() != ErrorCode.NONE) {
            return found;
        }
        List<OffsetFetchResponseTopics> topics = new ArrayList<>(found.topics());
        topics.removeIf(topic -> !asking.mayQuietly(DESCRIBE, TOPIC, topic.name()));
        topics.addAll(refused);
        return new OffsetFetchResponseGroup(found.groupId(), topics, ErrorCode.NONE);
    }
}
