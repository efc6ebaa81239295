package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.odradek.core.engine.ProtectedApis.Case;
import io.odradek.core.request.SupportedApis;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateDelegationTokenRequest;
import io.odradek.protocol.api.CreateDelegationTokenResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DescribeAclsRequest;
import io.odradek.protocol.api.DescribeDelegationTokenRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.ListTransactionsRequest;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every API, with the entries that it needs, without any of them, and without all: what is refused says so in Kafka's way, tells
 * no name, and does nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTableTest {
    /**
     * What needs nothing, what tells everybody of the cluster's brokers, and what owners of tokens may ({@code
     * DelegationTokenAccessTest}).
     */
    private static final Set<ApiKey> OPEN = EnumSet.of(
            ApiKey.API_VERSIONS,
            ApiKey.SASL_HANDSHAKE,
            ApiKey.SASL_AUTHENTICATE,
            ApiKey.ENVELOPE,
            ApiKey.RENEW_DELEGATION_TOKEN,
            ApiKey.EXPIRE_DELEGATION_TOKEN,
            ApiKey.DESCRIBE_CLUSTER);

    private AccessBed bed;
    private List<Case> cases;

    @BeforeAll
    void start() {
        bed = new AccessBed("auto.create.topics.enable", "true", "delegation.token.secret.key", "secret");
        for (String topic : List.of("t", "spare")) {
            bed.admin(ApiKey.CREATE_TOPICS, 7, Requests.createTopic(topic, 1, Map.of()), CreateTopicsResponse.class);
        }
        Uuid id = bed.admin(ApiKey.METADATA, 12, Requests.allTopics(), MetadataResponse.class).topics().stream()
                .filter(topic -> topic.name().equals("t"))
                .findAny()
                .orElseThrow()
                .topicId();
        untilDone(ApiKey.OFFSET_COMMIT, 8, Requests.commit("g", -1, "", "t", 0, 7), OffsetCommitResponse.class);
        untilDone(
                ApiKey.INIT_PRODUCER_ID,
                4,
                new InitProducerIdRequest("x", 10_000, -1, (short) -1),
                InitProducerIdResponse.class);
        bed.admin(
                ApiKey.CREATE_DELEGATION_TOKEN,
                3,
                new CreateDelegationTokenRequest("User", "bob", List.of(), -1),
                CreateDelegationTokenResponse.class);
        cases = ProtectedApis.all(id);
    }

    /** Coordinators come to be when they are first asked for. */
    private <T extends ApiResponse> void untilDone(
            ApiKey api, int version, io.odradek.protocol.api.ApiRequest request, Class<T> type) {
        byte kind = (byte) (api == ApiKey.OFFSET_COMMIT ? 0 : 1);
        bed.admin(
                ApiKey.FIND_COORDINATOR,
                3,
                new io.odradek.protocol.api.FindCoordinatorRequest("g", kind, List.of()),
                ApiResponse.class);
        for (int attempt = 0; attempt < 50; attempt++) {
            if (bed.admin(api, version, request, type).toString().contains("errorCode=NONE")) {
                return;
            }
            bed.bed.world.advanceMs(100);
        }
        throw new AssertionError(api + " has not been done");
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @Test
    void everyApiThatIsServedIsAmongThem() {
        EnumSet<ApiKey> served = EnumSet.noneOf(ApiKey.class);
        SupportedApis.CLIENT.ranges().forEach(range -> served.add(range.api()));
        Set<ApiKey> tried = EnumSet.copyOf(OPEN);
        ProtectedApis.all(Uuid.ZERO).forEach(one -> tried.add(one.api()));
        assertThat(tried).containsAll(served);
    }

    @TestFactory
    List<DynamicTest> eachApiIsServedToThoseOnlyWhoMay() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Case one : cases) {
            tests.add(dynamicTest(one.toString(), () -> check(one)));
        }
        return tests;
    }

    private void check(Case one) {
        bed.forget();
        requireRefused(one, one.needs().get(0).get(0));
        List<String> needs = one.needs().get(0);
        for (int missing = 0; needs.size() > 1 && missing < needs.size(); missing++) {
            bed.forget();
            for (int i = 0; i < needs.size(); i++) {
                if (i != missing) {
                    bed.allow(needs.get(i));
                }
            }
            requireRefused(one, needs.get(missing));
        }
        if (one.hides() == null && needs.size() == 1) {
            bed.forget();
            bed.allow(needs.get(0));
            bed.deny(needs.get(0));
            requireRefused(one, needs.get(0));
        }
        for (List<String> enough : one.needs()) {
            bed.forget();
            enough.forEach(bed::allow);
            String answer = ask(one);
            assertThat(answer).as("with " + enough).doesNotContain("AUTHORIZATION_FAILED");
            if (one.hides() != null) {
                assertThat(answer).containsPattern(named(one.hides()));
            }
        }
    }

    private void requireRefused(Case one, String missing) {
        String before = state();
        String answer = ask(one);
        if (one.hides() != null) {
            assertThat(answer).doesNotContainPattern(named(one.hides()));
        } else {
            ErrorCode refusal = one.refusal() != null
                    ? one.refusal()
                    : ResourceType.valueOf(missing.split(" ")[1]).refusal();
            assertThat(answer).as("without " + missing).contains("=" + refusal).doesNotContain("ErrorCode=NONE");
        }
        assertThat(state()).isEqualTo(before);
    }

    private static String named(String name) {
        return "=" + name + "[,\\]]";
    }

    private String ask(Case one) {
        return String.valueOf(bed.alice(one.api(), one.version(), one.request(), ApiResponse.class));
    }

    /** {@return what might have been changed} */
    private String state() {
        byte any = 1;
        List<Object> all = new ArrayList<>();
        all.add(bed.admin(ApiKey.METADATA, 12, Requests.allTopics(), MetadataResponse.class)
                .topics());
        all.add(bed.admin(ApiKey.FETCH, 11, Requests.fetch("t", 0, 0, 0), ApiResponse.class));
        all.add(bed.admin(ApiKey.OFFSET_FETCH, 7, Requests.committed("g"), ApiResponse.class));
        all.add(bed.admin(ApiKey.LIST_GROUPS, 4, new ListGroupsRequest(List.of(), List.of()), ApiResponse.class));
        all.add(bed.admin(
                ApiKey.LIST_TRANSACTIONS,
                1,
                new ListTransactionsRequest(List.of(), List.of(), -1, null),
                ApiResponse.class));
        all.add(bed.admin(
                ApiKey.DESCRIBE_ACLS,
                3,
                new DescribeAclsRequest(any, null, any, null, null, any, any),
                ApiResponse.class));
        all.add(bed.admin(
                ApiKey.DESCRIBE_DELEGATION_TOKEN, 3, new DescribeDelegationTokenRequest(null), ApiResponse.class));
        return all.toString().replaceAll("BytesPayload[^,\\]]*", "").replaceAll("@[0-9a-f]+", "");
    }
}
