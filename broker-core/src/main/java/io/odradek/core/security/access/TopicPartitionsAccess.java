package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.DESCRIBE;
import static io.odradek.core.security.acl.ResourceType.TOPIC;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeTopicPartitionsRequest;
import io.odradek.protocol.api.DescribeTopicPartitionsRequest.TopicRequest;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * DescribeTopicPartitions: Describe on each topic. Who asks for all is served those that it may describe, as if it had named
 * them: neither the answer nor where it goes on tells of another.
 */
final class TopicPartitionsAccess implements AccessRule<DescribeTopicPartitionsRequest> {
    private static final int NOT_ASKED = Integer.MIN_VALUE;

    private final MetadataSource metadata;

    TopicPartitionsAccess(MetadataSource metadata) {
        this.metadata = metadata;
    }

    @Override
    public void serve(
            DescribeTopicPartitionsRequest request,
            RequestContext context,
            Asking asking,
            RequestHandler<DescribeTopicPartitionsRequest> handler) {
        List<TopicRequest> left = new ArrayList<>();
        Set<String> refused = new TreeSet<>();
        if (request.topics().isEmpty()) {
            for (String name : metadata.image().topics().keySet()) {
                if (asking.mayQuietly(DESCRIBE, TOPIC, name)) {
                    left.add(new TopicRequest(name));
                }
            }
        } else {
            String from = request.cursor() == null ? "" : request.cursor().topicName();
            for (TopicRequest topic : request.topics()) {
                if (asking.may(DESCRIBE, TOPIC, topic.name())) {
                    left.add(topic);
                } else if (topic.name().compareTo(from) >= 0) {
                    refused.add(topic.name());
                }
            }
        }
        if (left.isEmpty()) {
            context.respond(with(new DescribeTopicPartitionsResponse(List.of(), null), refused, asking));
            return;
        }
        DescribeTopicPartitionsRequest rest =
                new DescribeTopicPartitionsRequest(left, request.responsePartitionLimit(), request.cursor());
        handler.handle(
                rest,
                new ChangedAnswer(
                        context, rest, answer -> with((DescribeTopicPartitionsResponse) answer, refused, asking)));
    }

    private static DescribeTopicPartitionsResponse with(
            DescribeTopicPartitionsResponse answer, Set<String> refused, Asking asking) {
        List<DescribeTopicPartitionsResponseTopic> topics = new ArrayList<>();
        for (DescribeTopicPartitionsResponseTopic topic : answer.topics()) {
            topics.add(new DescribeTopicPartitionsResponseTopic(
                    topic.errorCode(),
                    topic.name(),
                    topic.topicId(),
                    topic.isInternal(),
                    topic.partitions(),
                    asking.operations(TOPIC, topic.name())));
        }
        for (String name : refused) {
            topics.add(new DescribeTopicPartitionsResponseTopic(
                    ErrorCode.TOPIC_AUTHORIZATION_FAILED, name, Uuid.ZERO, false, List.of(), NOT_ASKED));
        }
        return new DescribeTopicPartitionsResponse(topics, answer.nextCursor());
    }
}
