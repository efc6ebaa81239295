package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.WRITE;
import static io.odradek.core.security.acl.ResourceType.TOPIC;
import static io.odradek.core.security.acl.ResourceType.TRANSACTIONAL_ID;

import io.odradek.core.controller.TopicNames;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.odradek.protocol.api.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * AddPartitionsToTxn, before version 4, as clients send it: Write on the transactional id and on each topic, of which internal
 * ones are nobody's to write. All partitions are added or none: where one is refused, the others are not attempted.
 */
final class TransactionAccess implements AccessRule<AddPartitionsToTxnRequest> {
    private final MetadataSource metadata;

    TransactionAccess(MetadataSource metadata) {
        this.metadata = metadata;
    }

    @Override
    public void serve(
            AddPartitionsToTxnRequest request,
            RequestContext context,
            Asking asking,
            RequestHandler<AddPartitionsToTxnRequest> handler) {
        if (!asking.may(WRITE, TRANSACTIONAL_ID, request.v3AndBelowTransactionalId())) {
            context.respond(AccessRule.refused(request, asking, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
            return;
        }
        boolean allAllowed = true;
        List<AddPartitionsToTxnTopicResult> results = new ArrayList<>();
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            boolean allowed = !TopicNames.internal(topic.name()) && asking.may(WRITE, TOPIC, topic.name());
            allAllowed &= allowed;
            results.add(results(topic, allowed));
        }
        if (allAllowed) {
            handler.handle(request, context);
        } else {
            context.respond(new AddPartitionsToTxnResponse(ErrorCode.NONE, List.of(), results));
        }
    }

    private AddPartitionsToTxnTopicResult results(AddPartitionsToTxnTopic topic, boolean allowed) {
        TopicInfo known = allowed ? metadata.image().topics().get(topic.name()) : null;
        List<AddPartitionsToTxnPartitionResult> partitions =
                new ArrayList<>(topic.partitions().size());
        for (int index : topic.partitions()) {
            ErrorCode error = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
            if (allowed) {
                boolean exists = known != null
                        && index >= 0
                        && index < known.partitions().size();
                error = exists ? ErrorCode.OPERATION_NOT_ATTEMPTED : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            }
            partitions.add(new AddPartitionsToTxnPartitionResult(index, error));
        }
        return new AddPartitionsToTxnTopicResult(topic.name(), partitions);
    }
}
