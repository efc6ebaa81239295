package io.odradek.protocol.api;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Nullable;
import io.odradek.protocol.schema.Response;
import io.odradek.protocol.schema.ThrottleTime;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/** The access control entries that were asked for, by the pattern of the resources that they are for. */
@Response(key = 29, versions = "0-3", flexible = "2+")
@ThrottleTime
public record DescribeAclsResponse(
        ErrorCode errorCode, @Nullable String errorMessage, List<DescribeAclsResource> resources)
        implements ApiResponse {
    /** A pattern of resources, and the entries for it. */
    public record DescribeAclsResource(
            byte resourceType,
            String resourceName,
            @Versions("1+") @Default("3") byte patternType,
            List<AclDescription> acls) {}

    /** Who may, or may not, do what from where. */
    public record AclDescription(String principal, String host, byte operation, byte permissionType) {}
}
