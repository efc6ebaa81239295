package io.odradek.core.request.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Positions in the cluster's tree, as clients of before Kafka 0.9 ask for them. */
class TreeOffsetsTest {
    private static final TreeOffsets.Limits LIMITS = new TreeOffsets.Limits(10, 1_000_000, 5_000);

    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;
    private TreeOffsets offsets;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
        broker.create("t", 3, 1, Map.of());
        broker.create("u", 2, 1, Map.of());
        offsets = of(broker, LIMITS);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private TreeOffsets of(SimulatedCluster.Broker at, TreeOffsets.Limits limits) {
        return new TreeOffsets(at.metadata, at.membership.store(), at.loop, cluster.world.clock(), limits);
    }

    private static OffsetCommitRequest request(String group, String topic, int partition, long offset, String note) {
        var position = new OffsetCommitRequestPartition(partition, offset, -1, -1, note);
        return request(group, new OffsetCommitRequestTopic(topic, List.of(position)));
    }

    private static OffsetCommitRequest request(String group, OffsetCommitRequestTopic... topics) {
        return new OffsetCommitRequest(group, -1, "", null, -1, List.of(topics));
    }

    private static RecordingContext begin(TreeOffsets offsets, OffsetCommitRequest request) {
        RecordingContext context = new RecordingContext(8, 0);
        new OffsetCommitHandler(null, offsets).handle(request, context);
        return context;
    }

    private static List<ErrorCode> errors(RecordingContext context) {
        List<ErrorCode> errors = new ArrayList<>();
        ((OffsetCommitResponse) context.response())
                .topics()
                .forEach(topic -> topic.partitions().forEach(partition -> errors.add(partition.errorCode())));
        return errors;
    }

    private List<ErrorCode> commit(TreeOffsets offsets, OffsetCommitRequest request) {
        RecordingContext context = begin(offsets, request);
        cluster.world.runUntilIdle();
        return errors(context);
    }

    private ErrorCode commit(String group, String topic, int partition, long offset) {
        return commit(offsets, request(group, topic, partition, offset, null)).get(0);
    }

    private String fetch(TreeOffsets offsets, String group, String topic, Integer... partitions) {
        RecordingContext context = new RecordingContext(9, 0);
        var wanted = List.of(new OffsetFetchRequestTopic(topic, List.of(partitions)));
        new OffsetFetchHandler(null, offsets).handle(new OffsetFetchRequest(group, wanted, List.of(), false), context);
        cluster.world.runUntilIdle();
        StringBuilder answer = new StringBuilder();
        for (var found : ((OffsetFetchResponse) context.response()).topics()) {
            found.partitions().forEach(partition -> {
                assertThat(partition.metadata()).isEmpty();
                answer.append(partition.partitionIndex()).append('=').append(partition.committedOffset());
                answer.append(partition.errorCode() == ErrorCode.NONE ? " " : " " + partition.errorCode() + " ");
            });
        }
        return answer.toString().strip();
    }

    private String fetch(String group, String topic, Integer... partitions) {
        return fetch(offsets, group, topic, partitions);
    }

    @Test
    void aPositionIsANodeWithItsOffsetAsText() {
        assertThat(commit("g", "t", 1, 5)).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.text("/consumers/g/offsets/t/1")).isEqualTo("5");
        assertThat(cluster.text("/consumers/g/offsets")).isEmpty();

        assertThat(commit("g", "t", 1, Long.MIN_VALUE)).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.text("/consumers/g/offsets/t/1")).isEqualTo("-9223372036854775808");
        assertThat(fetch("g", "t", 1)).isEqualTo("1=-9223372036854775808");
    }

    @Test
    void whatIsNotThereIsToldAsWithKafka() {
        commit("g", "t", 1, 5);

        assertThat(fetch("g", "t", 0, 1, 3, -1, 1))
                .isEqualTo("0=-1 UNKNOWN_TOPIC_OR_PARTITION 1=5 3=-1 UNKNOWN_TOPIC_OR_PARTITION"
                        + " -1=-1 UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(fetch("g", "none", 0)).isEqualTo("0=-1 UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(fetch("other", "t", 1)).isEqualTo("1=-1 UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(commit("g", "none", 0, 5)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(commit("g", "t", 3, 5)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(commit("g", "t", -1, 5)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aNoteIsNotKeptAndNotTooLong() {
        assertThat(commit(offsets, request("g", "t", 0, 1, "x".repeat(10)))).containsExactly(ErrorCode.NONE);
        assertThat(commit(offsets, request("g", "t", 0, 2, "x".repeat(11))))
                .containsExactly(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(fetch("g", "t", 0)).isEqualTo("0=1");
    }

    @Test
    void ofAPartitionNamedTwiceTheLastCounts() {
        var first = new OffsetCommitRequestPartition(0, 1, -1, -1, null);
        var last = new OffsetCommitRequestPartition(0, 2, -1, -1, null);
        assertThat(commit(
                        offsets,
                        request(
                                "g",
                                new OffsetCommitRequestTopic("t", List.of(first, last)),
                                new OffsetCommitRequestTopic("u", List.of(first)))))
                .containsOnly(ErrorCode.NONE);
        assertThat(fetch("g", "t", 0)).isEqualTo("0=2");
        assertThat(fetch("g", "u", 0)).isEqualTo("0=1");
    }

    @Test
    void groupsThatNoNodeCanBeNamedAfterAreRefused() {
        for (String group : List.of(
                "",
                "/",
                "a//b",
                "/a",
                "a/",
                ".",
                "..",
                "a/..",
                "a/./b",
                "\u0000",
                "\u001f",
                "\u007f",
                "\u009f",
                "\ud83d\ude00",
                "\uf8ff",
                "\ufff0")) {
            assertThat(commit(group, "t", 0, 1)).as(group).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
            assertThat(fetch(group, "t", 0)).as(group).isEqualTo("0=-1 UNKNOWN_SERVER_ERROR");
        }
        for (String group : List.of("a/b", "...", ".a", "a..b", " ", "\u00fc", "<>:%", "offsets", "x".repeat(30_000))) {
            assertThat(commit(group, "t", 0, 1)).as(group).isEqualTo(ErrorCode.NONE);
            assertThat(fetch(group, "t", 0)).as(group).isEqualTo("0=1");
        }
    }

    @Test
    void aNodeThatIsNoNumberIsNoPosition() {
        commit("g", "t", 0, 1);
        String path = "/consumers/g/offsets/t/0";
        cluster.value(cluster.observer().set(path, "one".getBytes(UTF_8), CoordinationStore.ANY_VERSION));
        assertThat(fetch("g", "t", 0)).isEqualTo("0=-1 UNKNOWN_SERVER_ERROR");
        cluster.value(cluster.observer().set(path, new byte[0], CoordinationStore.ANY_VERSION));
        assertThat(fetch("g", "t", 0)).isEqualTo("0=-1 UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(commit("g", "t", 0, 7)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch("g", "t", 0)).isEqualTo("0=7");
    }

    @Test
    void aGroupIsWrittenInTheOrderOfItsRequestsAndByEveryBroker() {
        TreeOffsets other = of(cluster.start(2), LIMITS);
        cluster.world.runUntilIdle();
        Random random = cluster.world.newRandom("commits");
        Map<String, Long> last = new TreeMap<>();
        List<RecordingContext> begun = new ArrayList<>();
        for (long offset = 0; offset < 200; offset++) {
            String group = "g" + random.nextInt(5);
            String topic = random.nextBoolean() ? "t" : "u";
            int partition = random.nextInt(2);
            begun.add(begin(offsets, request(group, topic, partition, offset, null)));
            last.put(group + " " + topic + " " + partition, offset);
        }
        cluster.world.runUntilIdle();
        begun.forEach(context -> assertThat(errors(context)).containsExactly(ErrorCode.NONE));
        last.forEach((where, offset) -> {
            String[] parts = where.split(" ");
            assertThat(fetch(other, parts[0], parts[1], Integer.valueOf(parts[2])))
                    .isEqualTo(parts[2] + "=" + offset);
        });
    }

    @Test
    void positionsHaveOnlySoMuchRoomWhichThoseInTopicsOfThePastMake() {
        TreeOffsets few = of(broker, new TreeOffsets.Limits(10, 6_000, 5_000));
        assertThat(commit(few, request("g", "t", 0, 1, null))).containsExactly(ErrorCode.NONE);
        assertThat(commit(few, request("g", "u", 0, 1, null))).containsExactly(ErrorCode.NONE);
        List<ErrorCode> outcomes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            outcomes.addAll(commit(few, request("h" + i, "t", 0, 1, null)));
        }
        assertThat(outcomes).contains(ErrorCode.NONE, ErrorCode.POLICY_VIOLATION);
        assertThat(commit(few, request("g", "t", 0, 2, null)))
                .as("one that is there")
                .containsExactly(ErrorCode.NONE);
        assertThat(commit(of(broker, new TreeOffsets.Limits(10, 6_000, 5_000)), request("i", "t", 0, 1, null)))
                .as("after a restart")
                .containsExactly(ErrorCode.POLICY_VIOLATION);

        cluster.value(broker.controller.deleteTopics(List.of("t")));
        assertThat(cluster.text("/consumers/g/offsets/t/0")).as("as with Kafka").isEqualTo("2");
        cluster.world.advanceMs(60_000);
        assertThat(commit(few, request("i", "u", 1, 1, null))).containsExactly(ErrorCode.NONE);
        assertThat(cluster.value(cluster.observer().children("/consumers"))).containsExactly("g", "i");
        assertThat(cluster.value(cluster.observer().children("/consumers/g/offsets")))
                .containsExactly("u");
    }

    @Test
    void positionsOutliveTheStore() throws IOException {
        commit("g", "t", 0, 5);
        cluster.restartStore();
        assertThat(cluster.text("/consumers/g/offsets/t/0")).isEqualTo("5");
    }

    @Test
    void whatOthersHaveBelowAGroupStays() {
        TreeOffsets few = of(broker, new TreeOffsets.Limits(10, 3_000, 5_000));
        commit(few, request("g", "t", 0, 1, null));
        cluster.value(cluster.observer().create("/consumers/g/ids", new byte[0], CreateMode.PERSISTENT));
        cluster.value(broker.controller.deleteTopics(List.of("t")));
        commit(few, request("h", "u", 0, 1, null));
        assertThat(commit(few, request("h", "u", 1, 1, null))).containsExactly(ErrorCode.NONE);
        assertThat(cluster.value(cluster.observer().children("/consumers/g"))).containsExactly("ids");
    }

    @Test
    void aTreeThatCannotBeWrittenIsNoCoordinator() {
        commit("g", "t", 0, 1);
        cluster.files.breakBelow(SimulatedCluster.FOLDER);
        assertThat(commit("g", "t", 0, 2)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(commit("h", "t", 0, 2)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void nobodyWaitsForATreeThatIsAwayForLongerThanACommitMay() {
        CoordinationStore away = (CoordinationStore) Proxy.newProxyInstance(
                CoordinationStore.class.getClassLoader(),
                new Class<?>[] {CoordinationStore.class},
                (store, method, arguments) -> new CompletableFuture<>());
        TreeOffsets lost = new TreeOffsets(
                broker.metadata, away, broker.loop, cluster.world.clock(), new TreeOffsets.Limits(10, 2_000, 5_000));
        List<RecordingContext> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(begin(lost, request("g", "t", 0, 1, null)));
        }
        cluster.world.advanceMs(4_999);
        assertThat(waiting.get(0).response()).isNull();
        assertThat(errors(waiting.get(9)))
                .as("too much waits already")
                .containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        cluster.world.advanceMs(1);
        assertThat(errors(waiting.get(0))).containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }
}
