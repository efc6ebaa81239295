package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.READ;
import static io.odradek.core.security.acl.ResourceType.TOPIC;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.odradek.protocol.api.OffsetDeleteResponse;
import io.odradek.protocol.api.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.odradek.protocol.api.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** OffsetDelete, topic by topic. The group is asked even where no topic is left, as its own error comes first. */
final class OffsetDeleteAccess implements AccessRule<OffsetDeleteRequest> {
    @Override
    public void serve(
            OffsetDeleteRequest request,
            RequestContext context,
            Asking asking,
            RequestHandler<OffsetDeleteRequest> handler) {
        List<OffsetDeleteRequestTopic> left = new ArrayList<>();
        List<OffsetDeleteResponseTopic> refused = new ArrayList<>();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            if (asking.may(READ, TOPIC, topic.name())) {
                left.add(topic);
            } else {
                refused.add(refusal(topic));
            }
        }
        if (refused.isEmpty()) {
            handler.handle(request, context);
            return;
        }
        OffsetDeleteRequest rest = new OffsetDeleteRequest(request.groupId(), left);
        handler.handle(rest, new ChangedAnswer(context, rest, answer -> with((OffsetDeleteResponse) answer, refused)));
    }

    private static OffsetDeleteResponse with(OffsetDeleteResponse answer, List<OffsetDeleteResponseTopic> refused) {
        return answer.errorCode() == ErrorCode.NONE
                ? new OffsetDeleteResponse(ErrorCode.NONE, Parts.both(answer.topics(), refused))
                : answer;
    }

    private static OffsetDeleteResponseTopic refusal(OffsetDeleteRequestTopic topic) {
        List<OffsetDeleteResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        topic.partitions()
                .forEach(partition -> partitions.add(new OffsetDeleteResponsePartition(
                        partition.partitionIndex(), ErrorCode.TOPIC_AUTHORIZATION_FAILED)));
        return new OffsetDeleteResponseTopic(topic.name(), partitions);
    }
}
