package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeConfigsResponse;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterableConfig;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseBroker;
import io.odradek.protocol.api.MetadataResponse.MetadataResponsePartition;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients see of a cluster of three brokers, whichever of them they ask. */
class WhatClientsSeeTest {
    private static final long LONG_MS = 60_000;
    private static final byte TOPIC = 2;

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final ClusterWorld cluster =
            new ClusterWorld(world, new Trace(world.clock(), false, null), 3, settings(), 6_000);
    private final SimulatedLoop loop = world.newLoop("client");
    private final BrokerClient network = cluster.network().client(cluster.clientNode("client"), loop);
    private final Map<Integer, BrokerConnection> connections = new TreeMap<>();

    private static Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("log.dirs", "/disk/logs");
        settings.put("default.replication.factor", "3");
        settings.put("num.partitions", "3");
        settings.put("offsets.topic.num.partitions", "3");
        settings.put("offsets.topic.replication.factor", "3");
        settings.put("log.cleaner.dedupe.buffer.size", "1048576");
        settings.put("log.cleaner.io.buffer.size", "32768");
        return settings;
    }

    @BeforeEach
    void start() {
        cluster.brokers().forEach(BrokerProcess::start);
        world.runUntil(() -> cluster.brokers().stream().allMatch(BrokerProcess::isServing), LONG_MS);
        for (int broker = 1; broker <= 3; broker++) {
            metadata(broker, seen -> seen.brokers().size() == 3);
        }
    }

    private <T extends ApiResponse> T ask(int broker, ApiKey api, int version, ApiRequest request, Class<T> type) {
        BrokerConnection connection = connections.computeIfAbsent(
                broker,
                id -> network.connection("broker-" + id, BrokerProcess.PORT, Purpose.of("PLAINTEXT", "client"), loop));
        List<ApiResponse> answers = new ArrayList<>();
        loop.post(() -> connection.send(api, version, request, 30_000).whenComplete((answer, failure) -> {
            assertThat(failure).isNull();
            try (BrokerAnswer open = answer) {
                answers.add(open.response());
            }
        }));
        world.runUntil(() -> !answers.isEmpty(), LONG_MS);
        return type.cast(answers.get(0));
    }

    private MetadataResponse metadata(int broker, Predicate<MetadataResponse> expected, String... topics) {
        List<MetadataRequestTopic> wanted = new ArrayList<>();
        for (String topic : topics) {
            wanted.add(new MetadataRequestTopic(Uuid.ZERO, topic));
        }
        MetadataRequest request = new MetadataRequest(wanted, true, false, false);
        long endMs = world.clock().wallMs() + LONG_MS;
        MetadataResponse seen = ask(broker, ApiKey.METADATA, 12, request, MetadataResponse.class);
        while (!expected.test(seen)) {
            assertThat(world.clock().wallMs()).as("%s", seen).isLessThan(endMs);
            world.advanceMs(100);
            seen = ask(broker, ApiKey.METADATA, 12, request, MetadataResponse.class);
        }
        return seen;
    }

    private MetadataResponseTopic topic(int broker, String topic) {
        return metadata(broker, WhatClientsSeeTest::isServed, topic).topics().get(0);
    }

    private static boolean isServed(MetadataResponse seen) {
        return seen.topics().stream()
                .allMatch(topic -> topic.errorCode() == ErrorCode.NONE
                        && topic.partitions().stream().allMatch(partition -> partition.errorCode() == ErrorCode.NONE));
    }

    private int controller() {
        return metadata(1, seen -> seen.controllerId() > 0).controllerId();
    }

    private static int another(int broker) {
        return broker % 3 + 1;
    }

    @Test
    void everyBrokerShowsTheSameBrokersAndController() {
        int controller = controller();
        for (int broker = 1; broker <= 3; broker++) {
            MetadataResponse seen = metadata(broker, any -> any.controllerId() == controller);

            assertThat(seen.brokers())
                    .extracting(MetadataResponseBroker::host)
                    .containsExactly("broker-1", "broker-2", "broker-3");
        }
    }

    @Test
    void aTopicThatAnyBrokerIsAskedForIsCreatedAndSeenOnAll() {
        int broker = another(controller());

        MetadataResponseTopic created = topic(broker, "asked-for");

        assertThat(created.partitions()).hasSize(3);
        assertThat(created.partitions().get(0).replicaNodes()).hasSize(3);
        for (int other = 1; other <= 3; other++) {
            assertThat(topic(other, "asked-for").topicId()).isEqualTo(created.topicId());
        }
    }

    @Test
    void whatTheControllerAloneDoesIsRefusedElsewhere() {
        int controller = controller();
        CreateTopicsResponse refused = ask(
                another(controller),
                ApiKey.CREATE_TOPICS,
                7,
                ClusterRequests.createTopic("events", 1, 3, Map.of()),
                CreateTopicsResponse.class);
        CreateTopicsResponse created = ask(
                controller,
                ApiKey.CREATE_TOPICS,
                7,
                ClusterRequests.createTopic("events", 1, 3, Map.of()),
                CreateTopicsResponse.class);
        DeleteTopicsResponse kept = ask(
                another(controller),
                ApiKey.DELETE_TOPICS,
                5,
                ClusterRequests.deleteTopic("events"),
                DeleteTopicsResponse.class);

        assertThat(refused.topics().get(0).errorCode()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(created.topics().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(kept.responses().get(0).errorCode()).isEqualTo(ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void aTopicIsDeletedOnAllBrokers() {
        topic(1, "events");
        DeleteTopicsResponse deleted = ask(
                controller(),
                ApiKey.DELETE_TOPICS,
                5,
                ClusterRequests.deleteTopic("events"),
                DeleteTopicsResponse.class);

        assertThat(deleted.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
        for (int broker = 1; broker <= 3; broker++) {
            MetadataRequest all = new MetadataRequest(null, false, false, false);
            int asked = broker;
            world.runUntil(
                    () -> ask(asked, ApiKey.METADATA, 12, all, MetadataResponse.class)
                            .topics()
                            .isEmpty(),
                    LONG_MS);
        }
    }

    @Test
    void whoAsksTheWrongBrokerIsToldTheRightOne() {
        MetadataResponsePartition partition = topic(1, "events").partitions().get(0);
        int wrong = another(partition.leaderId());
        topic(wrong, "events");

        ProduceResponse refused = ask(
                wrong,
                ApiKey.PRODUCE,
                10,
                ClusterRequests.produce(
                        new TopicPartition("events", 0),
                        1,
                        ClusterRequests.batch(1, List.of(7L)).build()),
                ProduceResponse.class);

        ProduceResponse.PartitionProduceResponse result =
                refused.responses().get(0).partitionResponses().get(0);
        assertThat(result.errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(result.currentLeader().leaderId()).isEqualTo(partition.leaderId());
        assertThat(refused.nodeEndpoints())
                .containsExactly(new ProduceResponse.NodeEndpoint(
                        partition.leaderId(), "broker-" + partition.leaderId(), BrokerProcess.PORT, null));
    }

    @Test
    void aGroupHasOneHomeAndNoOther() {
        for (String group : List.of("a", "b", "c")) {
            int home = home(1, group);

            assertThat(home(2, group)).isEqualTo(home);
            assertThat(home(3, group)).isEqualTo(home);
            assertThat(heartbeat(another(home), group)).isEqualTo(ErrorCode.NOT_COORDINATOR);
            assertThat(heartbeat(home, group)).isIn(ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.NONE);
        }
    }

    private int home(int broker, String group) {
        FindCoordinatorRequest request = new FindCoordinatorRequest(group, (byte) 0, List.of());
        List<FindCoordinatorResponse> last = new ArrayList<>();
        world.runUntil(
                () -> {
                    last.add(0, ask(broker, ApiKey.FIND_COORDINATOR, 3, request, FindCoordinatorResponse.class));
                    return last.get(0).errorCode() == ErrorCode.NONE;
                },
                LONG_MS);
        assertThat(last.get(0).host()).isEqualTo("broker-" + last.get(0).nodeId());
        return last.get(0).nodeId();
    }

    private ErrorCode heartbeat(int broker, String group) {
        HeartbeatRequest request = new HeartbeatRequest(group, 1, "nobody", null);
        return ask(broker, ApiKey.HEARTBEAT, 4, request, HeartbeatResponse.class)
                .errorCode();
    }

    @Test
    void aGroupMovesWithTheLeaderOfItsPartition() {
        int before = home(1, "a");
        int asked = another(before);
        cluster.brokers().get(before - 1).kill();

        world.runUntil(() -> home(asked, "a") != before, LONG_MS);

        int after = home(asked, "a");
        assertThat(heartbeat(after, "a")).isIn(ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.NONE);
    }

    @Test
    void noTwoProducersGetTheSameIdFromAnyBrokers() {
        InitProducerIdRequest request = new InitProducerIdRequest(null, 1_000, -1, (short) -1);
        Set<Long> ids = new TreeSet<>();
        for (int i = 0; i < 9; i++) {
            InitProducerIdResponse given =
                    ask(1 + i % 3, ApiKey.INIT_PRODUCER_ID, 4, request, InitProducerIdResponse.class);
            assertThat(given.errorCode()).isEqualTo(ErrorCode.NONE);
            ids.add(given.producerId());
        }
        assertThat(ids).hasSize(9);
    }

    @Test
    void settingsThatAreChangedOnOneBrokerAreDescribedByAll() {
        topic(1, "events");
        int asked = another(controller());
        IncrementalAlterConfigsRequest change = new IncrementalAlterConfigsRequest(
                List.of(new AlterConfigsResource(
                        TOPIC, "events", List.of(new AlterableConfig("retention.ms", (byte) 0, "12345")))),
                false);
        topic(asked, "events");

        IncrementalAlterConfigsResponse changed =
                ask(asked, ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, change, IncrementalAlterConfigsResponse.class);

        assertThat(changed.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
        for (int broker = 1; broker <= 3; broker++) {
            topic(broker, "events");
            DescribeConfigsRequest question = new DescribeConfigsRequest(
                    List.of(new DescribeConfigsResource(TOPIC, "events", List.of("retention.ms"))), false, false);
            DescribeConfigsResponse told =
                    ask(broker, ApiKey.DESCRIBE_CONFIGS, 4, question, DescribeConfigsResponse.class);
            assertThat(told.results().get(0).configs().get(0).value()).isEqualTo("12345");
        }
    }

    @Test
    void aDeadBrokersReplicasAreOfflineAndAnotherLeads() {
        MetadataResponsePartition before = topic(1, "events").partitions().get(0);
        int dead = before.leaderId();
        cluster.brokers().get(dead - 1).kill();

        MetadataResponse seen = metadata(
                another(dead),
                any -> any.brokers().size() == 2
                        && any.topics().get(0).partitions().stream()
                                .allMatch(partition -> partition.leaderId() != dead && partition.leaderId() > 0),
                "events");

        assertThat(seen.topics().get(0).partitions())
                .allSatisfy(partition -> assertThat(partition.offlineReplicas()).containsExactly(dead));
        assertThat(seen.topics().get(0).partitions().get(0).leaderEpoch()).isGreaterThan(before.leaderEpoch());
    }
}
