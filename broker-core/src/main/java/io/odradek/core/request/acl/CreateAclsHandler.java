package io.odradek.core.request.acl;

import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.security.acl.AclBinding;
import io.odradek.core.security.acl.Acls;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.CreateAclsRequest;
import io.odradek.protocol.api.CreateAclsRequest.AclCreation;
import io.odradek.protocol.api.CreateAclsResponse;
import io.odradek.protocol.api.CreateAclsResponse.AclCreationResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * CreateAcls 0 to 3: adds access control entries to the cluster's tree, by whichever broker is asked. It is answered when they
 * hold here; other brokers follow. An entry that is there already is no error.
 *
 * <p>Versions: 0 is KIP-140, for literal names only; 1 brought prefixes (KIP-290); 2 is flexible (KIP-482); 3 brought users as
 * resources (KIP-373).
 *
 * <p>Errors of an entry: INVALID_REQUEST for what is not known or cannot be kept, POLICY_VIOLATION where too many are for one
 * resource, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR.
 */
public final class CreateAclsHandler implements RequestHandler<CreateAclsRequest> {
    private final Acls acls;
    private final AclWait wait;

    /**
     * @param acls the entries
     * @param wait for the tree
     */
    public CreateAclsHandler(Acls acls, AclWait wait) {
        this.acls = acls;
        this.wait = wait;
    }

    @Override
    public void handle(CreateAclsRequest request, RequestContext context) {
        AclCreationResult[] results = new AclCreationResult[request.creations().size()];
        List<AclBinding> valid = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            AclCreation acl = request.creations().get(i);
            try {
                valid.add(WireAcls.binding(acl));
                places.add(i);
            } catch (ApiException e) {
                results[i] = new AclCreationResult(e.error(), e.getMessage());
            }
        }
        Deadline.await(context, wait.loop(), wait.longestMs(), acls.create(valid), (refusals, error) -> {
            for (int i = 0; i < places.size(); i++) {
                results[places.get(i)] = result(refusals == null ? AclWait.failure(error) : refusals.get(i));
            }
            context.respond(new CreateAclsResponse(List.of(results)));
        });
    }

    private static AclCreationResult result(ApiException refusal) {
        return refusal == null
                ? new AclCreationResult(ErrorCode.NONE, null)
                : new AclCreationResult(refusal.error(), refusal.getMessage());
    }
}
