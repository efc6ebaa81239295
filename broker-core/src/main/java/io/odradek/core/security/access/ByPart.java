package io.odradek.core.security.access;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Asks for each part of a request. The refused ones are taken out of it and put into the answer; where none is left, nobody is
 * asked to serve it.
 *
 * @param parts how requests are made of parts
 * @param need what each needs
 * @param <R> the request
 * @param <I> a part
 * @param <A> the answer
 */
record ByPart<R extends ApiRequest, I, A extends ApiResponse>(Parts<R, I, A> parts, PartNeed<R, I> need)
        implements AccessRule<R> {
    /**
     * What a part of a request needs.
     *
     * @param <R> the request
     * @param <I> the part
     */
    @FunctionalInterface
    interface PartNeed<R, I> {
        /** {@return NONE, or how the part is refused} */
        ErrorCode refusal(R request, I part, Asking asking);
    }

    /** {@return a rule by which each part needs an operation on the resource that it names} */
    static <R extends ApiRequest, I, A extends ApiResponse> AccessRule<R> each(
            AclOperation operation, ResourceType type, Parts<R, I, A> parts) {
        return new ByPart<>(
                parts,
                (request, part, asking) ->
                        asking.refusal(operation, type, parts.name().apply(part)));
    }

    /** {@return the same, but nobody needs it who may do something with the cluster} */
    static <R extends ApiRequest, I, A extends ApiResponse> AccessRule<R> eachUnless(
            AclOperation withCluster, AclOperation operation, ResourceType type, Parts<R, I, A> parts) {
        AccessRule<R> each = each(operation, type, parts);
        return (request, context, asking, handler) -> {
            if (asking.mayQuietlyWithCluster(withCluster)) {
                handler.handle(request, context);
            } else {
                each.serve(request, context, asking, handler);
            }
        };
    }

    @Override
    public void serve(R request, RequestContext context, Asking asking, RequestHandler<R> handler) {
        List<I> all = parts.of().apply(request);
        List<I> left = null;
        SortedMap<ErrorCode, List<I>> refused = new TreeMap<>();
        for (int i = 0; all != null && i < all.size(); i++) {
            ErrorCode refusal = need.refusal(request, all.get(i), asking);
            if (refusal != ErrorCode.NONE) {
                // Most requests are let through, and copied by nobody.
                left = left == null ? new ArrayList<>(all.subList(0, i)) : left;
                refused.computeIfAbsent(refusal, error -> new ArrayList<>()).add(all.get(i));
            } else if (left != null) {
                left.add(all.get(i));
            }
        }
        if (left == null) {
            handler.handle(request, context);
        } else if (left.isEmpty()) {
            context.respond(refusals(request, refused, asking));
        } else {
            serve(parts.with().apply(request, left), refusals(request, refused, asking), context, handler);
        }
    }

    @SuppressWarnings("unchecked") // An API's answers are of its type.
    private A refusals(R request, SortedMap<ErrorCode, List<I>> refused, Asking asking) {
        A all = null;
        for (Map.Entry<ErrorCode, List<I>> one : refused.entrySet()) {
            R part = parts.with().apply(request, one.getValue());
            A refusal = (A) AccessRule.refused(part, asking, one.getKey());
            all = all == null ? refusal : parts.join().apply(all, refusal);
        }
        return all;
    }

    @SuppressWarnings("unchecked")
    private void serve(R left, A refusals, RequestContext context, RequestHandler<R> handler) {
        handler.handle(
                left, new ChangedAnswer(context, left, answer -> parts.join().apply((A) answer, refusals)));
    }
}
