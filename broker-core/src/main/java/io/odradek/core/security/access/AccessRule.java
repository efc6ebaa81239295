package io.odradek.core.security.access;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;

/**
 * What the requests of one API need.
 *
 * @param <R> the request
 */
@FunctionalInterface
interface AccessRule<R extends ApiRequest> {
    /** Answers the request, or has it served: as it is, or without what may not be served of it. */
    void serve(R request, RequestContext context, Asking asking, RequestHandler<R> handler);

    /** {@return a rule that lets everything through} */
    static <R extends ApiRequest> AccessRule<R> open() {
        return (request, context, asking, handler) -> handler.handle(request, context);
    }

    /** {@return a rule for the request as a whole} */
    static <R extends ApiRequest> AccessRule<R> whole(Need<R> need) {
        return (request, context, asking, handler) -> {
            ErrorCode refusal = need.refusal(request, asking);
            if (refusal == ErrorCode.NONE) {
                handler.handle(request, context);
            } else {
                context.respond(refused(request, asking, refusal));
            }
        };
    }

    /**
     * What of an answer is shown.
     *
     * @param <R> the request
     * @param <A> the response
     */
    @FunctionalInterface
    interface Shown<R, A> {
        /** {@return the answer as it is given} */
        A of(R request, A answer, Asking asking);
    }

    /** {@return a rule for what is answered} */
    @SuppressWarnings("unchecked") // An API's answers are of its type.
    static <R extends ApiRequest, A extends ApiResponse> AccessRule<R> answers(Shown<R, A> shown) {
        return (request, context, asking, handler) -> handler.handle(
                request, new ChangedAnswer(context, request, answer -> shown.of(request, (A) answer, asking)));
    }

    /** {@return this rule, and the other for what it lets through} */
    default AccessRule<R> then(AccessRule<R> next) {
        return (request, context, asking, handler) ->
                serve(request, context, asking, (left, answering) -> next.serve(left, answering, asking, handler));
    }

    /** {@return the answer to a request that is refused as a whole} */
    static ApiResponse refused(ApiRequest request, Asking asking, ErrorCode error) {
        return ApiCodecs.errorResponse(asking.api(), asking.version(), request, error, message(error));
    }

    /** {@return what is said beside the code, where there is room for it} */
    static String message(ErrorCode error) {
        return switch (error) {
            case TOPIC_AUTHORIZATION_FAILED -> "Topic authorization failed.";
            case GROUP_AUTHORIZATION_FAILED -> "Group authorization failed.";
            case CLUSTER_AUTHORIZATION_FAILED -> "Cluster authorization failed.";
            case TRANSACTIONAL_ID_AUTHORIZATION_FAILED -> "Transactional Id authorization failed.";
            case DELEGATION_TOKEN_AUTHORIZATION_FAILED -> "Delegation Token authorization failed.";
            default -> null;
        };
    }
}
