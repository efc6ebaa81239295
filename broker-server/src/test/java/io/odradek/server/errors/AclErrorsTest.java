package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUEST;
import static io.odradek.protocol.errors.ErrorCode.SECURITY_DISABLED;

import io.odradek.protocol.api.CreateAclsRequest;
import io.odradek.protocol.api.CreateAclsRequest.AclCreation;
import io.odradek.protocol.api.DeleteAclsRequest;
import io.odradek.protocol.api.DeleteAclsRequest.DeleteAclsFilter;
import io.odradek.protocol.api.DescribeAclsRequest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused of those who say who may do what. */
@Timeout(120)
class AclErrorsTest {
    private static final byte ANY = 1;
    private static final byte TOPIC = 2;
    private static final byte CLUSTER = 4;
    private static final byte LITERAL = 3;
    private static final byte READ = 3;
    private static final byte ALLOW = 3;
    private static final String ALICE = "User:alice";

    private static CreateAclsRequest create(
            int type, String name, int pattern, String principal, int operation, int may) {
        return new CreateAclsRequest(List.of(
                new AclCreation((byte) type, name, (byte) pattern, principal, "*", (byte) operation, (byte) may)));
    }

    private static DescribeAclsRequest describe(int type, int pattern, int operation, int may) {
        return new DescribeAclsRequest((byte) type, null, (byte) pattern, null, null, (byte) operation, (byte) may);
    }

    private static DeleteAclsRequest delete(int type, int pattern, int operation, int may) {
        return new DeleteAclsRequest(List.of(
                new DeleteAclsFilter((byte) type, null, (byte) pattern, null, null, (byte) operation, (byte) may)));
    }

    @Test
    void entriesWhereNobodyHeedsThem() throws Exception {
        try (ErrorsBed bed = ErrorsBed.start()) {
            for (int version = 1; version <= 3; version++) {
                bed.expect(create(TOPIC, "t", LITERAL, ALICE, READ, ALLOW), version, SECURITY_DISABLED);
                bed.expect(describe(ANY, ANY, ANY, ANY), version, SECURITY_DISABLED);
                bed.expect(delete(ANY, ANY, ANY, ANY), version, SECURITY_DISABLED);
            }
        }
    }

    @Test
    void entriesThatThereCannotBe() throws Exception {
        try (ErrorsBed bed = ErrorsBed.start(
                "authorizer.class.name", "kafka.security.authorizer.AclAuthorizer", "super.users", "User:ANONYMOUS")) {
            create(bed, create(ANY, "t", LITERAL, ALICE, READ, ALLOW));
            create(bed, create(99, "t", LITERAL, ALICE, READ, ALLOW));
            create(bed, create(TOPIC, "t", ANY, ALICE, READ, ALLOW));
            create(bed, create(TOPIC, "t", LITERAL, ALICE, ANY, ALLOW));
            create(bed, create(TOPIC, "t", LITERAL, ALICE, 99, ALLOW));
            create(bed, create(TOPIC, "t", LITERAL, ALICE, READ, ANY));
            create(bed, create(TOPIC, "", LITERAL, ALICE, READ, ALLOW));
            create(bed, create(TOPIC, "..", LITERAL, ALICE, READ, ALLOW));
            create(bed, create(TOPIC, "t", LITERAL, "alice", READ, ALLOW));
            create(bed, create(CLUSTER, "another", LITERAL, ALICE, READ, ALLOW));
            for (int unknown : new int[] {0, 99, -1}) {
                bed.expect(describe(unknown, ANY, ANY, ANY), 3, INVALID_REQUEST);
                bed.expect(describe(ANY, unknown, ANY, ANY), 3, INVALID_REQUEST);
                bed.expect(describe(ANY, ANY, unknown, ANY), 3, INVALID_REQUEST);
                bed.expect(describe(ANY, ANY, ANY, unknown), 3, INVALID_REQUEST);
                bed.expect(delete(unknown, ANY, ANY, ANY), 3, INVALID_REQUEST);
                bed.expect(delete(ANY, ANY, ANY, unknown), 3, INVALID_REQUEST);
            }
            bed.expect(create(TOPIC, "t", LITERAL, ALICE, READ, ALLOW), 3);
            bed.expect(delete(ANY, ANY, ANY, ANY), 3);
        }
    }

    private static void create(ErrorsBed bed, CreateAclsRequest request) throws IOException {
        bed.expect(request, 3, INVALID_REQUEST);
    }
}
