package io.odradek.protocol.oracle;

import io.odradek.protocol.api.CreateAclsRequest;
import io.odradek.protocol.api.CreateAclsRequest.AclCreation;
import io.odradek.protocol.api.DeleteAclsRequest;
import io.odradek.protocol.api.DeleteAclsRequest.DeleteAclsFilter;
import io.odradek.protocol.api.DescribeAclsRequest;

/** Makes access control entries that Kafka reads out of random ones: it hangs up where one has a code that it does not know. */
final class KnownAcls {
    private static final byte TOPIC = 2;
    private static final byte LITERAL = 3;
    private static final byte READ = 3;
    private static final byte ALLOW = 3;

    private KnownAcls() {}

    /** {@return the request with known codes if it is one about access control entries, else itself} */
    static Object in(Object request) {
        if (request instanceof CreateAclsRequest create) {
            return new CreateAclsRequest(create.creations().stream()
                    .map(acl -> new AclCreation(
                            TOPIC, acl.resourceName(), LITERAL, acl.principal(), acl.host(), READ, ALLOW))
                    .toList());
        }
        if (request instanceof DeleteAclsRequest delete) {
            return new DeleteAclsRequest(delete.filters().stream()
                    .map(filter -> new DeleteAclsFilter(
                            TOPIC,
                            filter.resourceNameFilter(),
                            LITERAL,
                            filter.principalFilter(),
                            filter.hostFilter(),
                            READ,
                            ALLOW))
                    .toList());
        }
        return request instanceof DescribeAclsRequest asked
                ? new DescribeAclsRequest(
                        TOPIC,
                        asked.resourceNameFilter(),
                        LITERAL,
                        asked.principalFilter(),
                        asked.hostFilter(),
                        READ,
                        ALLOW)
                : request;
    }
}
