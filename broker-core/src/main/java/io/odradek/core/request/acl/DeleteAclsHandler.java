package io.odradek.core.request.acl;

import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.security.acl.AclBinding;
import io.odradek.core.security.acl.AclFilter;
import io.odradek.core.security.acl.Acls;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DeleteAclsRequest;
import io.odradek.protocol.api.DeleteAclsRequest.DeleteAclsFilter;
import io.odradek.protocol.api.DeleteAclsResponse;
import io.odradek.protocol.api.DeleteAclsResponse.DeleteAclsFilterResult;
import io.odradek.protocol.api.DeleteAclsResponse.DeleteAclsMatchingAcl;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * DeleteAcls 0 to 3: takes away the access control entries that filters match, by whichever broker is asked. It is answered
 * when that holds here; other brokers follow.
 *
 * <p>Versions: 0 is KIP-140, for literal names only; 1 brought prefixes (KIP-290); 2 is flexible (KIP-482); 3 brought users as
 * resources (KIP-373).
 *
 * <p>Errors of a filter: INVALID_REQUEST for what is not known, REQUEST_TIMED_OUT. Errors of an entry that is still there:
 * REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR.
 */
public final class DeleteAclsHandler implements RequestHandler<DeleteAclsRequest> {
    private final Acls acls;
    private final AclWait wait;

    /**
     * @param acls the entries
     * @param wait for the tree
     */
    public DeleteAclsHandler(Acls acls, AclWait wait) {
        this.acls = acls;
        this.wait = wait;
    }

    @Override
    public void handle(DeleteAclsRequest request, RequestContext context) {
        DeleteAclsFilterResult[] results =
                new DeleteAclsFilterResult[request.filters().size()];
        List<AclFilter> valid = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            DeleteAclsFilter filter = request.filters().get(i);
            try {
                valid.add(WireAcls.filter(filter));
                places.add(i);
            } catch (ApiException e) {
                results[i] = refused(e);
            }
        }
        Deadline.await(context, wait.loop(), wait.longestMs(), acls.delete(valid), (deleted, error) -> {
            for (int i = 0; i < places.size(); i++) {
                results[places.get(i)] = deleted == null
                        ? refused(AclWait.failure(error))
                        : new DeleteAclsFilterResult(ErrorCode.NONE, null, matching(deleted.get(i)));
            }
            context.respond(new DeleteAclsResponse(List.of(results)));
        });
    }

    private static DeleteAclsFilterResult refused(ApiException refusal) {
        return new DeleteAclsFilterResult(refusal.error(), refusal.getMessage(), List.of());
    }

    private static List<DeleteAclsMatchingAcl> matching(List<Acls.Changed> deleted) {
        List<DeleteAclsMatchingAcl> matching = new ArrayList<>(deleted.size());
        for (Acls.Changed one : deleted) {
            AclBinding binding = one.binding();
            ApiException refusal = one.refusal();
            matching.add(new DeleteAclsMatchingAcl(
                    refusal == null ? ErrorCode.NONE : refusal.error(),
                    refusal == null ? null : refusal.getMessage(),
                    binding.pattern().type().code(),
                    binding.pattern().name(),
                    binding.pattern().pattern().code(),
                    binding.entry().principal(),
                    binding.entry().host(),
                    binding.entry().operation().code(),
                    binding.entry().permission().code()));
        }
        return matching;
    }
}
