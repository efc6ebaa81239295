package io.odradek.core.security.access;

import static io.odradek.core.security.acl.AclOperation.WRITE;
import static io.odradek.core.security.acl.ResourceType.TOPIC;
import static io.odradek.core.security.acl.ResourceType.TRANSACTIONAL_ID;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import java.nio.ByteBuffer;

/**
 * Produce: Write on each topic, and, for batches of a transaction, Write on the transactional id. Where nobody waits for an
 * answer, one that is refused anything is told by the end of its connection, as of any other error.
 */
final class ProduceAccess implements AccessRule<ProduceRequest> {
    /** Where the attributes of a record batch stand, and their bit for transactions. */
    private static final int ATTRIBUTES_AT = 21;

    private static final int TRANSACTIONAL = 1 << 4;

    private final AccessRule<ProduceRequest> topics = ByPart.each(WRITE, TOPIC, RequestParts.produce());

    @Override
    public void serve(
            ProduceRequest request, RequestContext context, Asking asking, RequestHandler<ProduceRequest> handler) {
        RequestContext answering = request.acks() == 0 ? new Unanswered(context, request) : context;
        if (isTransactional(request)) {
            String id = request.transactionalId();
            if (id == null || !asking.may(WRITE, TRANSACTIONAL_ID, id)) {
                answering.respond(AccessRule.refused(request, asking, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
                return;
            }
        }
        topics.serve(
                request,
                answering,
                asking,
                (left, rest) ->
                        handler.handle(left, request.acks() == 0 && left != request ? new Partly(rest, left) : rest));
    }

    private static boolean isTransactional(ProduceRequest request) {
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                if (partition.records() instanceof BytesPayload records) {
                    ByteBuffer bytes = records.buffer();
                    int at = bytes.position() + ATTRIBUTES_AT;
                    if (at + Short.BYTES <= bytes.limit() && (bytes.getShort(at) & TRANSACTIONAL) != 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Of a request without an answer, what is refused closes the connection. */
    private static final class Unanswered extends ChangedAnswer {
        private final RequestContext context;

        Unanswered(RequestContext context, ProduceRequest request) {
            super(context, request, answer -> answer);
            this.context = context;
        }

        @Override
        public void respond(ApiResponse refusals) {
            context.closeConnection("a Produce without an answer was refused");
        }
    }

    /** Part of it has been refused: that the rest has been served is no reason to go on as if nothing had happened. */
    private static final class Partly extends ChangedAnswer {
        private final RequestContext context;

        Partly(RequestContext context, ProduceRequest left) {
            super(context, left, answer -> answer);
            this.context = context;
        }

        @Override
        public void respondNothing() {
            context.closeConnection("a Produce without an answer was refused in part");
        }
    }
}
