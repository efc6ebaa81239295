package io.odradek.core.request.acl;

import io.odradek.core.security.acl.AclBinding;
import io.odradek.core.security.acl.AclEntry;
import io.odradek.core.security.acl.AclFilter;
import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.AclPermission;
import io.odradek.core.security.acl.NodeNames;
import io.odradek.core.security.acl.PatternType;
import io.odradek.core.security.acl.ResourcePattern;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.protocol.api.CreateAclsRequest.AclCreation;
import io.odradek.protocol.api.DeleteAclsRequest.DeleteAclsFilter;
import io.odradek.protocol.api.DescribeAclsRequest;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/** Reads access control entries and filters as they come over the wire. What is not known in them is INVALID_REQUEST. */
final class WireAcls {
    private static final byte ANY = 1;

    private WireAcls() {}

    /** {@return an entry that may be stored} */
    static AclBinding binding(AclCreation acl) {
        ResourceType type = known(ResourceType.ofCode(acl.resourceType()), "resource type", acl.resourceType());
        PatternType pattern =
                known(PatternType.ofCode(acl.resourcePatternType()), "pattern type", acl.resourcePatternType());
        AclEntry entry = new AclEntry(
                acl.principal(),
                acl.host(),
                known(AclOperation.ofCode(acl.operation()), "operation", acl.operation()),
                known(AclPermission.ofCode(acl.permissionType()), "permission", acl.permissionType()));
        if (type == ResourceType.CLUSTER && !acl.resourceName().equals(ResourceType.CLUSTER_NAME)) {
            throw invalid("The only valid name for the CLUSTER resource is " + ResourceType.CLUSTER_NAME);
        }
        if (acl.resourceName().isEmpty()) {
            throw invalid("Invalid empty resource name");
        }
        if (!NodeNames.legal(acl.resourceName())) {
            throw invalid("Failed to create ACL: a resource's name cannot be kept that is . or .., or has a slash or a"
                    + " control character in it");
        }
        if (!AclEntry.isPrincipal(acl.principal())) {
            throw invalid("Failed to create ACL: a principal has a type and a name, such as User:alice");
        }
        return new AclBinding(new ResourcePattern(type, acl.resourceName(), pattern), entry);
    }

    /** {@return what a DeleteAcls takes away} */
    static AclFilter filter(DeleteAclsFilter filter) {
        return filter(new DescribeAclsRequest(
                filter.resourceTypeFilter(),
                filter.resourceNameFilter(),
                filter.patternTypeFilter(),
                filter.principalFilter(),
                filter.hostFilter(),
                filter.operation(),
                filter.permissionType()));
    }

    /** {@return what a DescribeAcls asks for} */
    static AclFilter filter(DescribeAclsRequest asked) {
        byte type = asked.resourceTypeFilter();
        byte operation = asked.operation();
        byte permission = asked.permissionType();
        return new AclFilter(
                new AclFilter.Resources(
                        type == ANY ? null : known(ResourceType.ofCode(type), "resource type", type),
                        asked.resourceNameFilter(),
                        known(
                                AclFilter.Names.ofCode(asked.patternTypeFilter()),
                                "pattern type",
                                asked.patternTypeFilter())),
                asked.principalFilter(),
                asked.hostFilter(),
                operation == ANY ? null : known(AclOperation.ofCode(operation), "operation", operation),
                permission == ANY ? null : known(AclPermission.ofCode(permission), "permission", permission));
    }

    private static <T> T known(T value, String what, byte code) {
        if (value == null) {
            throw invalid("There is no " + what + " " + code + " of access control entries here");
        }
        return value;
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.INVALID_REQUEST, message);
    }
}
