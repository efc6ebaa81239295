package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.DELETE;
import static io.odradek.core.security.acl.AclOperation.DESCRIBE;
import static io.odradek.core.security.acl.ResourceType.TOPIC;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest.DeleteTopicState;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse.DeletableTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;

/**
 * DeleteTopics: Delete on each topic. Who names one by its identifier learns its name only if it may describe it. An identifier
 * that this broker does not know is refused here: nobody is to delete by it what has come into being meanwhile.
 */
final class DeleteTopicsAccess implements AccessRule<DeleteTopicsRequest> {
    private static final int IDENTIFIERS_SINCE = 6;

    private final MetadataSource metadata;

    DeleteTopicsAccess(MetadataSource metadata) {
        this.metadata = metadata;
    }

    @Override
    public void serve(
            DeleteTopicsRequest request,
            RequestContext context,
            Asking asking,
            RequestHandler<DeleteTopicsRequest> handler) {
        List<DeleteTopicState> states = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<DeletableTopicResult> refused = new ArrayList<>();
        if (asking.version() >= IDENTIFIERS_SINCE) {
            for (DeleteTopicState topic : request.topics()) {
                DeletableTopicResult refusal = refusal(topic, asking);
                if (refusal == null) {
                    states.add(topic);
                } else {
                    refused.add(refusal);
                }
            }
        } else {
            for (String name : request.topicNames()) {
                if (asking.may(DELETE, TOPIC, name)) {
                    names.add(name);
                } else {
                    refused.add(refused(name, Uuid.ZERO, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
                }
            }
        }
        if (refused.isEmpty()) {
            handler.handle(request, context);
        } else if (states.isEmpty() && names.isEmpty()) {
            context.respond(new DeleteTopicsResponse(refused));
        } else {
            DeleteTopicsRequest left = new DeleteTopicsRequest(states, names, request.timeoutMs());
            handler.handle(
                    left,
                    new ChangedAnswer(
                            context,
                            left,
                            answer -> new DeleteTopicsResponse(
                                    Parts.both(((DeleteTopicsResponse) answer).responses(), refused))));
        }
    }

    /** {@return null if the handler is to see to it} */
    private DeletableTopicResult refusal(DeleteTopicState topic, Asking asking) {
        Uuid id = topic.topicId();
        boolean byId = !id.equals(Uuid.ZERO);
        if (topic.name() != null || !byId) {
            boolean passes = topic.name() == null || byId || asking.may(DELETE, TOPIC, topic.name());
            return passes ? null : refused(topic.name(), id, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        String name = metadata.image().topicNames().get(id);
        if (name == null) {
            return refused(null, id, ErrorCode.UNKNOWN_TOPIC_ID);
        }
        if (!asking.may(DESCRIBE, TOPIC, name)) {
            return refused(null, id, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        return asking.may(DELETE, TOPIC, name) ? null : refused(name, id, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    }

    private static DeletableTopicResult refused(String name, Uuid id, ErrorCode error) {
        return new DeletableTopicResult(name, id, error, AccessRule.message(error));
    }
}
