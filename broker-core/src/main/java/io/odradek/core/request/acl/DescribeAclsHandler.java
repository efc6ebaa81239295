package io.odradek.core.request.acl;

import io.odradek.core.request.RequestHandler;
import io.odradek.core.security.acl.AclBinding;
import io.odradek.core.security.acl.AclEntry;
import io.odradek.core.security.acl.Acls;
import io.odradek.core.security.acl.ResourcePattern;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeAclsRequest;
import io.odradek.protocol.api.DescribeAclsResponse;
import io.odradek.protocol.api.DescribeAclsResponse.AclDescription;
import io.odradek.protocol.api.DescribeAclsResponse.DescribeAclsResource;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * DescribeAcls 0 to 3: the access control entries that a filter matches, as this broker knows them.
 *
 * <p>Versions: 0 is KIP-140, for literal names only; 1 brought prefixes (KIP-290); 2 is flexible (KIP-482); 3 brought users as
 * resources (KIP-373).
 *
 * <p>Errors: INVALID_REQUEST for what is not known.
 */
public final class DescribeAclsHandler implements RequestHandler<DescribeAclsRequest> {
    private final Acls acls;

    /** @param acls the entries */
    public DescribeAclsHandler(Acls acls) {
        this.acls = acls;
    }

    @Override
    public void handle(DescribeAclsRequest request, RequestContext context) {
        List<AclBinding> found;
        try {
            found = acls.find(WireAcls.filter(request));
        } catch (ApiException e) {
            context.respond(new DescribeAclsResponse(e.error(), e.getMessage(), List.of()));
            return;
        }
        SortedMap<ResourcePattern, List<AclDescription>> byPattern = new TreeMap<>();
        for (AclBinding binding : found) {
            byPattern
                    .computeIfAbsent(binding.pattern(), pattern -> new ArrayList<>())
                    .add(description(binding.entry()));
        }
        List<DescribeAclsResource> resources = new ArrayList<>(byPattern.size());
        byPattern.forEach((pattern, entries) -> resources.add(new DescribeAclsResource(
                pattern.type().code(), pattern.name(), pattern.pattern().code(), entries)));
        context.respond(new DescribeAclsResponse(ErrorCode.NONE, null, resources));
    }

    private static AclDescription description(AclEntry entry) {
        return new AclDescription(
                entry.principal(),
                entry.host(),
                entry.operation().code(),
                entry.permission().code());
    }
}
