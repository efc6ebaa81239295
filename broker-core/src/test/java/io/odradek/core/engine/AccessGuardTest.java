package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicResult;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest.DeleteTopicState;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse.DeletableTopicResult;
import io.odradek.protocol.api.DescribeClusterRequest;
import io.odradek.protocol.api.DescribeClusterResponse;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.DescribeGroupsResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a request is served where only a part of it may be, and what of an answer is shown. */
class AccessGuardTest {
    private AccessBed bed;

    @BeforeEach
    void start() {
        bed = new AccessBed();
        for (String topic : List.of("open", "secret")) {
            bed.admin(ApiKey.CREATE_TOPICS, 7, Requests.createTopic(topic, 1, Map.of()), CreateTopicsResponse.class);
        }
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private static ProduceRequest produce(int acks, String... topics) {
        List<ProduceRequest.TopicProduceData> all = new ArrayList<>();
        for (String topic : topics) {
            all.addAll(Requests.produce(
                            topic, 0, acks, Requests.batch(1, List.of("v")).build())
                    .topicData());
        }
        return new ProduceRequest(null, (short) acks, 1_000, all);
    }

    private long end(String topic) {
        bed.bed.broker.connection(AccessBed.connection(AccessBed.ADMIN));
        return bed.bed.readAll(topic, 0).size();
    }

    @Test
    void whatMayBeWrittenIsAndTheRestIsRefusedBesideIt() {
        bed.allow("WRITE TOPIC open");
        ProduceResponse answer = bed.alice(ApiKey.PRODUCE, 9, produce(1, "secret", "open"), ProduceResponse.class);

        assertThat(answer.responses())
                .extracting(ProduceResponse.TopicProduceResponse::name)
                .containsExactly("open", "secret");
        assertThat(answer.responses().get(0).partitionResponses().get(0).errorCode())
                .isEqualTo(ErrorCode.NONE);
        ProduceResponse.PartitionProduceResponse refused =
                answer.responses().get(1).partitionResponses().get(0);
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(refused.baseOffset()).isEqualTo(-1);
        assertThat(end("open")).isEqualTo(1);
        assertThat(end("secret")).isZero();
    }

    @Test
    void aRefusalThatNobodyWaitsForClosesTheConnectionWhenTheRestIsDone() {
        bed.allow("WRITE TOPIC open");
        assertThat(closes(produce(0, "open"))).isFalse();
        assertThat(closes(produce(0, "secret", "open"))).isTrue();
        assertThat(closes(produce(0, "secret"))).isTrue();
        assertThat(end("open")).isEqualTo(2);
        assertThat(end("secret")).isZero();
    }

    private boolean closes(ProduceRequest request) {
        bed.bed.broker.connection(AccessBed.connection(AccessBed.ALICE));
        List<ApiResponse> answers = new ArrayList<>();
        SimulatedRequest sent =
                bed.bed.broker.send(bed.bed.world.newLoop("sender"), ApiKey.PRODUCE, 9, request, answers::add);
        bed.bed.world.runUntil(sent::isDone, 1_000);
        assertThat(sent.isDone()).isTrue();
        return sent.closesConnection();
    }

    @Test
    void aFetchSessionIsAskedAgainWithEveryFetch() {
        bed.allow("READ TOPIC open");
        FetchRequest full = Requests.fetch("open", 0, 0, 0);
        FetchResponse begun = fetch(session(full, 0, 0, full.topics()));
        assertThat(begun.sessionId()).isPositive();
        assertThat(error(begun)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch(session(full, begun.sessionId(), 1, List.of())).responses())
                .isEmpty();

        bed.forget();
        assertThat(error(fetch(session(full, begun.sessionId(), 2, List.of()))))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(error(fetch(session(full, begun.sessionId(), 3, List.of()))))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);

        bed.allow("READ TOPIC open");
        bed.admin(ApiKey.PRODUCE, 9, produce(1, "open"), ProduceResponse.class);
        FetchResponse again = fetch(session(full, begun.sessionId(), 4, List.of()));
        assertThat(error(again)).isEqualTo(ErrorCode.NONE);
        assertThat(again.responses().get(0).partitions().get(0).highWatermark()).isEqualTo(1);
    }

    private FetchResponse fetch(FetchRequest request) {
        return bed.alice(ApiKey.FETCH, 11, request, FetchResponse.class);
    }

    private static ErrorCode error(FetchResponse answer) {
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
        return answer.responses().get(0).partitions().get(0).errorCode();
    }

    private static FetchRequest session(FetchRequest like, int id, int epoch, List<FetchRequest.FetchTopic> topics) {
        return new FetchRequest(
                null, -1, like.replicaState(), 0, 1, like.maxBytes(), (byte) 0, id, epoch, topics, List.of(), "");
    }

    @Test
    void anEntryHoldsForTheNextRequestAndAnotherLoginForAllThatFollow() {
        ConnectionContext connection = AccessBed.connection(AccessBed.ALICE);
        assertThat(readsOpen(connection)).isFalse();
        bed.allow("READ TOPIC open");
        assertThat(readsOpen(connection)).isTrue();
        connection.become(connection.peer().as("User:bob", false));
        assertThat(readsOpen(connection)).isFalse();
        connection.become(connection.peer().as(AccessBed.ALICE, false));
        assertThat(readsOpen(connection)).isTrue();
        bed.deny("READ TOPIC open");
        assertThat(readsOpen(connection)).isFalse();
    }

    private boolean readsOpen(ConnectionContext connection) {
        bed.bed.broker.connection(connection);
        return error(bed.bed.ask(ApiKey.FETCH, 11, Requests.fetch("open", 0, 0, 0), FetchResponse.class))
                == ErrorCode.NONE;
    }

    @Test
    void namesThatMayNotBeDescribedAreNotToldByTheirIdentifiers() {
        Uuid secret = id("secret");
        MetadataRequest request =
                new MetadataRequest(List.of(new MetadataRequestTopic(secret, null)), false, false, false);
        MetadataResponseTopic hidden = bed.alice(ApiKey.METADATA, 12, request, MetadataResponse.class)
                .topics()
                .get(0);
        assertThat(hidden.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(hidden.name()).isNull();
        assertThat(hidden.topicId()).isEqualTo(secret);
        assertThat(hidden.partitions()).isEmpty();

        DeletableTopicResult kept = delete(secret);
        assertThat(kept.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(kept.name()).isNull();
        assertThat(delete(new Uuid(1, 2)).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);

        bed.allow("DESCRIBE TOPIC secret");
        assertThat(delete(secret).name()).isEqualTo("secret");
        assertThat(bed.bed.topics()).contains("secret");
        bed.allow("DELETE TOPIC secret");
        assertThat(delete(secret).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    private Uuid id(String topic) {
        return bed.admin(ApiKey.METADATA, 12, Requests.allTopics(), MetadataResponse.class).topics().stream()
                .filter(one -> one.name().equals(topic))
                .findAny()
                .orElseThrow()
                .topicId();
    }

    private DeletableTopicResult delete(Uuid id) {
        DeleteTopicsRequest request =
                new DeleteTopicsRequest(List.of(new DeleteTopicState(null, id)), List.of(), 5_000);
        return bed.alice(ApiKey.DELETE_TOPICS, 6, request, DeleteTopicsResponse.class)
                .responses()
                .get(0);
    }

    @Test
    void aTopicThatDoesNotExistIsRefusedAsOneThatDoes() {
        MetadataRequest request = new MetadataRequest(
                List.of(new MetadataRequestTopic(Uuid.ZERO, "secret"), new MetadataRequestTopic(Uuid.ZERO, "none")),
                false,
                false,
                false);
        for (int version : new int[] {0, 1, 9, 12}) {
            List<MetadataResponseTopic> topics = bed.alice(ApiKey.METADATA, version, request, MetadataResponse.class)
                    .topics();
            assertThat(topics).hasSize(2);
            for (MetadataResponseTopic topic : topics) {
                assertThat(topic.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
                assertThat(topic.topicId()).isEqualTo(Uuid.ZERO);
                assertThat(topic.partitions()).isEmpty();
            }
        }
    }

    @Test
    void whatOneMayDoIsToldBitByBit() {
        bed.allow("ALTER_CONFIGS TOPIC open");
        bed.allow("WRITE TOPIC open");
        bed.allow("READ GROUP g");
        bed.allow("ALTER CLUSTER");
        MetadataRequest metadata =
                new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, "open")), false, true, true);
        MetadataResponse answer = bed.alice(ApiKey.METADATA, 8, metadata, MetadataResponse.class);
        assertThat(answer.topics().get(0).topicAuthorizedOperations())
                .isEqualTo(bits(
                        AclOperation.WRITE,
                        AclOperation.DESCRIBE,
                        AclOperation.DESCRIBE_CONFIGS,
                        AclOperation.ALTER_CONFIGS));
        int cluster = bits(AclOperation.ALTER, AclOperation.DESCRIBE);
        assertThat(answer.clusterAuthorizedOperations()).isEqualTo(cluster);

        DescribeClusterRequest describe = new DescribeClusterRequest(true, (byte) 1);
        assertThat(bed.alice(ApiKey.DESCRIBE_CLUSTER, 1, describe, DescribeClusterResponse.class)
                        .clusterAuthorizedOperations())
                .isEqualTo(cluster);
        bed.forget();
        DescribeClusterResponse nothing =
                bed.alice(ApiKey.DESCRIBE_CLUSTER, 1, describe, DescribeClusterResponse.class);
        assertThat(nothing.clusterAuthorizedOperations()).isZero();
        assertThat(nothing.brokers()).as("the brokers are no secret").hasSize(1);
    }

    @Test
    void whatOneMayDoWithAGroupIsTold() {
        bed.allow("READ GROUP g");
        DescribeGroupsRequest request = new DescribeGroupsRequest(List.of("g", "h"), true);
        DescribeGroupsResponse answer = bed.alice(ApiKey.DESCRIBE_GROUPS, 5, request, DescribeGroupsResponse.class);
        assertThat(answer.groups()).hasSize(2);
        assertThat(answer.groups().get(1).groupId()).isEqualTo("h");
        assertThat(answer.groups().get(1).errorCode()).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(answer.groups().get(1).authorizedOperations()).isEqualTo(Integer.MIN_VALUE);
    }

    private static int bits(AclOperation... operations) {
        int bits = 0;
        for (AclOperation operation : operations) {
            bits |= 1 << operation.code();
        }
        return bits;
    }

    @Test
    void theSettingsOfACreatedTopicAreToldToThoseOnlyWhoMayDescribeThem() {
        bed.allow("CREATE TOPIC mine");
        CreateTopicsRequest request = Requests.createTopic("mine", 3, Map.of("retention.ms", "1000"));
        CreatableTopicResult result = bed.alice(ApiKey.CREATE_TOPICS, 7, request, CreateTopicsResponse.class)
                .topics()
                .get(0);
        assertThat(result.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(result.topicConfigErrorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(result.numPartitions()).isEqualTo(-1);
        assertThat(result.configs()).isEmpty();
    }

    @Test
    void principalsAreComparedToTheLetter() {
        bed.allow("READ TOPIC open");
        assertThat(readsOpen(AccessBed.connection(AccessBed.ALICE))).isTrue();
        assertThat(readsOpen(AccessBed.connection("User:Alice"))).isFalse();
        assertThat(readsOpen(AccessBed.connection("user:alice"))).isFalse();
    }
}
