package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;
import java.util.List;

/** Adds access control entries. Versions: 1 added the pattern's type (KIP-290); 3 users as resources (KIP-373). */
@Request(key = 30, versions = "0-3", flexible = "2+")
public record CreateAclsRequest(List<AclCreation> creations) implements ApiRequest {
    /** Who may, or may not, do what with which resources, from where. */
    public record AclCreation(
            byte resourceType,
            String resourceName,
            @Versions("1+") @Default("3") byte resourcePatternType,
            String principal,
            String host,
            byte operation,
            byte permissionType) {}
}
