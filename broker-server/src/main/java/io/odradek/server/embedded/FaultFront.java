package io.odradek.server.embedded;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.Broker;
import io.odradek.server.net.RequestReceiver;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Stands before a broker's engine while there are faults, and does to requests what these say. The first fault that strikes a
 * request is the only one; those behind it do not see it.
 */
final class FaultFront implements RequestReceiver {
    /** Errors of the request as a whole. */
    private static final Set<ErrorCode> OF_SESSIONS = EnumSet.of(
            ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
            ErrorCode.INVALID_FETCH_SESSION_EPOCH,
            ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);

    private final Broker broker;
    private final List<Fault> faults;
    private final DelayedRequests delayed;
    private final AnsweredErrors errors;

    /**
     * @param faults those that are set, a live view that any thread may go through
     * @param errors is told of the errors that are answered
     */
    FaultFront(Broker broker, List<Fault> faults, DelayedRequests delayed, AnsweredErrors errors) {
        this.broker = broker;
        this.errors = errors;
        this.faults = faults;
        this.delayed = delayed;
    }

    @Override
    public void receive(ApiRequest request, RequestContext way) {
        RequestContext context = errors.seenBy(way);
        ApiRequest seen = request;
        if (request instanceof FetchRequest fetch && wantsNoSessions(fetch, context)) {
            if (!isFull(fetch)) {
                later(0, request, context, () -> context.fail(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, null));
                return;
            }
            seen = PartialRequest.withoutSession(fetch);
        }
        Fault fault = striking(seen, context);
        if (fault == null) {
            serve(0, seen, context);
        } else {
            strike(fault, seen, context);
        }
    }

    /** In a session a fetch names only what has changed: where a fault is about partitions, each is to name all of its own. */
    private boolean wantsNoSessions(FetchRequest request, RequestContext context) {
        for (Fault fault : faults) {
            boolean ofPartitions = fault.condition().topic() != null
                    || fault.action() instanceof FaultAction.Fail fail && !OF_SESSIONS.contains(fail.error());
            if (ofPartitions && fault.condition().isAbout(request, context.header())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFull(FetchRequest request) {
        return request.sessionEpoch() <= 0;
    }

    private Fault striking(ApiRequest request, RequestContext context) {
        for (Fault fault : faults) {
            if (isAbout(fault.condition(), request, context) && fault.strikes()) {
                return fault;
            }
        }
        return null;
    }

    private boolean isAbout(FaultCondition condition, ApiRequest request, RequestContext context) {
        if (!condition.isAbout(request, context.header())) {
            return false;
        }
        return condition.topic() == null
                || NamedPartitions.names(request, condition.topic(), condition.partition(), broker.metadata());
    }

    private void strike(Fault fault, ApiRequest request, RequestContext context) {
        FaultAction action = fault.action();
        if (action instanceof FaultAction.Fail fail) {
            later(0, request, context, () -> refuse(request, fault.condition(), fail.error(), context));
        } else if (action instanceof FaultAction.Delay delay) {
            serve(delay.delayMs(), request, context);
        } else if (action instanceof FaultAction.DropAnswer) {
            serve(0, request, StruckContext.dropping(context));
        } else if (action instanceof FaultAction.CloseAfter) {
            serve(0, request, StruckContext.closing(context));
        } else {
            later(0, request, context, () -> context.closeConnection("a fault that a test has set"));
        }
    }

    private void refuse(ApiRequest request, FaultCondition condition, ErrorCode error, RequestContext context) {
        PartialRequest parts = PartialRequest.of(request, condition, broker.metadata());
        boolean whole = parts == null || parts.refused() == null || OF_SESSIONS.contains(error);
        boolean unanswerable = request instanceof ProduceRequest produce && produce.acks() == 0;
        if (whole || unanswerable) {
            context.fail(error, null);
            return;
        }
        ApiKey api = ApiKey.of(context.header().apiKey());
        ApiResponse refusal = parts.refusal(api, context.header().apiVersion(), error);
        if (parts.served() == null) {
            context.respond(refusal);
        } else {
            broker.serve(
                    parts.served(), StruckContext.changing(context, served -> PartialRequest.merged(served, refusal)));
        }
    }

    private void serve(long delayMs, ApiRequest request, RequestContext context) {
        later(delayMs, request, context, () -> broker.serve(request, context));
    }

    /** Not before what its client has sent earlier. */
    private void later(long delayMs, ApiRequest request, RequestContext context, Runnable task) {
        if (!delayed.hold(delayMs, context, task)) {
            task.run();
        }
    }
}
