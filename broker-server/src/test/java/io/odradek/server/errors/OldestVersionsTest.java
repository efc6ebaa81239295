package io.odradek.server.errors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.LeaveGroupRequest;
import io.odradek.protocol.api.LeaveGroupRequest.MemberIdentity;
import io.odradek.protocol.api.ListGroupsRequest;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.api.SyncGroupRequest;
import io.odradek.protocol.api.SyncGroupRequest.SyncGroupRequestAssignment;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is answered to the first version of each API that clients use, field by field beside what Apache Kafka 3.9.2 answers, which
 * is recorded in {@code oldest-versions-3.9.2.txt}. With {@code -Derrors.kafka=true} Kafka is asked, {@code -Doldest.record=true}
 * records it anew.
 */
@Timeout(120)
class OldestVersionsTest {
    private static final String RECORDED = "oldest-versions-3.9.2.txt";
    private static final boolean RECORDS = Boolean.getBoolean("oldest.record");

    /**
     * What is of one broker, one run or one version of a text. In version 0 of DescribeConfigs, Kafka 3.9 has forgotten to say what
     * is the default.
     */
    private static final Set<String> OF_ITS_OWN = Set.of(
            "host",
            "port",
            "errorMessage",
            "memberId",
            "leader",
            "clientHost",
            "producerId",
            "documentation",
            "topicId",
            "isDefault",
            "clusterId",
            "logStartOffset");

    private static ErrorsBed bed;
    private final List<String> said = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start(
                "auto.create.topics.enable", "false",
                "group.initial.rebalance.delay.ms", "0",
                "transaction.state.log.num.partitions", "1",
                "offsets.topic.num.partitions", "3");
        bed.create("t", 2);
        bed.create("u", 1);
        bed.awaitCoordinator(0, "g");
        bed.awaitCoordinator(1, "x");
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private <R extends ApiResponse> R say(ApiRequest request, int version, Class<R> type) throws IOException {
        R answer = bed.ask(request, version, type);
        said.add(ApiCodecs.key(request) + " " + version + " " + text(answer));
        return answer;
    }

    private void say(ApiRequest request) throws IOException {
        say(request, 0, ApiResponse.class);
    }

    private static String text(Object value) {
        if (value instanceof Record record && !(value instanceof Uuid)) {
            StringBuilder text = new StringBuilder("{");
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                if (!OF_ITS_OWN.contains(component.getName())) {
                    text.append(text.length() == 1 ? "" : ", ").append(component.getName());
                    text.append('=').append(text(component(record, component)));
                }
            }
            return text.append('}').toString();
        }
        if (value instanceof List<?> list) {
            // Kafka answers in the order of a hash.
            return list.stream().map(OldestVersionsTest::text).sorted().collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof ByteBuffer bytes ? bytes.remaining() + " bytes" : String.valueOf(value);
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static OffsetCommitRequest commit(
            String group, int generation, String member, String topic, int partition) {
        var position = new OffsetCommitRequestPartition(partition, 4, -1, -1, "note");
        var topics = List.of(new OffsetCommitRequestTopic(topic, List.of(position)));
        return new OffsetCommitRequest(group, generation, member, null, -1, topics);
    }

    private static OffsetFetchRequest fetch(String group, String topic, Integer... partitions) {
        var topics = List.of(new OffsetFetchRequestTopic(topic, List.of(partitions)));
        return new OffsetFetchRequest(group, topics, List.of(), false);
    }

    private void sayOfGroups() throws IOException {
        JoinGroupResponse joined = say(Members.join("group", "", null), 0, JoinGroupResponse.class);
        String member = joined.memberId();
        int generation = joined.generationId();
        say(Members.join("", "", null));
        say(Members.join("group", "nobody", null));
        say(Members.join("group", "", null, "consumer", 1, Members.subscription("t"), "range"));
        say(Members.join("group", "", null, "", 10_000, Members.subscription("t"), "range"));
        say(Members.join("group", "", null, "consumer", 10_000, Members.subscription("t")));
        var assignment = new SyncGroupRequestAssignment(member, ByteBuffer.wrap(new byte[2]));
        say(new SyncGroupRequest("group", generation, member, null, null, null, List.of(assignment)));
        say(new SyncGroupRequest("group", generation + 1, member, null, null, null, List.of(assignment)));
        say(new HeartbeatRequest("group", generation, member, null));
        say(new HeartbeatRequest("group", generation + 1, member, null));
        say(new HeartbeatRequest("group", generation, "nobody", null));
        say(new HeartbeatRequest("none", generation, member, null));
        for (int version = 0; version <= 2; version++) {
            say(commit("group", generation, member, "t", version % 2), version, ApiResponse.class);
            say(commit("group", generation + 1, member, "t", 0), version, ApiResponse.class);
            say(commit("group", -1, "", "t", 0), version, ApiResponse.class);
            say(commit("group", generation, member, "none", 0), version, ApiResponse.class);
            say(commit("group", generation, member, "t", 9), version, ApiResponse.class);
            say(fetch("group", "t", 0, 1, 9), version, ApiResponse.class);
            say(fetch("group", "none", 0), version, ApiResponse.class);
            say(fetch("none", "t", 0), version, ApiResponse.class);
        }
        say(new DescribeGroupsRequest(List.of("group", "none"), false));
        say(new ListGroupsRequest(List.of(), List.of()));
        say(new LeaveGroupRequest("group", "nobody", List.of(new MemberIdentity("nobody", null, null))));
        say(new LeaveGroupRequest("none", "nobody", List.of(new MemberIdentity("nobody", null, null))));
        say(new LeaveGroupRequest("group", member, List.of(new MemberIdentity(member, null, null))));
        say(new DescribeGroupsRequest(List.of("group"), false));
    }

    private static InitProducerIdResponse producer(String id) {
        InitProducerIdRequest request = new InitProducerIdRequest(id, 10_000, -1, (short) -1);
        return await().atMost(ErrorsBed.PATIENCE)
                .until(
                        () -> bed.ask(request, 0, InitProducerIdResponse.class),
                        begun -> begun.errorCode() == ErrorCode.NONE);
    }

    @Test
    void theFirstVersionsAreAnsweredAsByKafka() throws IOException {
        for (ApiRequest request : OldestRequests.ofTheBroker()) {
            say(request);
        }
        for (ApiRequest request : OldestRequests.ofTopics()) {
            say(request);
        }
        sayOfGroups();
        InitProducerIdResponse begun = producer("x");
        for (ApiRequest request : OldestRequests.ofTransactions("x", begun.producerId(), begun.producerEpoch())) {
            say(request);
        }
        if (RECORDS) {
            Files.write(Path.of("src/test/resources/io/odradek/server/errors", RECORDED), said);
        }
        List<String> recorded = recorded();
        assertThat(said).hasSameSizeAs(recorded);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            if (!said.get(i).equals(recorded.get(i))) {
                different.add(said.get(i) + "\n and Kafka says\n" + recorded.get(i));
            }
        }
        assertThat(different).isEmpty();
    }

    private static List<String> recorded() throws IOException {
        try (InputStream in = RECORDS
                ? Files.newInputStream(Path.of("src/test/resources/io/odradek/server/errors", RECORDED))
                : OldestVersionsTest.class.getResourceAsStream(RECORDED)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
