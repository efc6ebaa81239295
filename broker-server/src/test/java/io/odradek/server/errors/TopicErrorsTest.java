package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.INVALID_CONFIG;
import static io.odradek.protocol.errors.ErrorCode.INVALID_PARTITIONS;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REPLICATION_FACTOR;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REPLICA_ASSIGNMENT;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUEST;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TOPIC_EXCEPTION;
import static io.odradek.protocol.errors.ErrorCode.POLICY_VIOLATION;
import static io.odradek.protocol.errors.ErrorCode.REQUEST_TIMED_OUT;
import static io.odradek.protocol.errors.ErrorCode.TOPIC_ALREADY_EXISTS;
import static io.odradek.protocol.errors.ErrorCode.TOPIC_DELETION_DISABLED;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_ID;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableReplicaAssignment;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest.DeleteTopicState;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused of those who create, grow and delete topics. */
@Timeout(120)
class TopicErrorsTest {
    private static ErrorsBed bed;
    private static int id;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start();
        id = bed.brokerId();
        bed.create("t", 2);
        bed.create("a.b", 1);
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic(name, partitions, (short) replicas, List.of(), List.of());
    }

    private static CreatableTopic assigned(int partitions, int replicas, CreatableReplicaAssignment... assignment) {
        return new CreatableTopic("assigned", partitions, (short) replicas, List.of(assignment), List.of());
    }

    private static CreatableReplicaAssignment on(int partition, Integer... brokers) {
        return new CreatableReplicaAssignment(partition, List.of(brokers));
    }

    private static CreatableTopic configured(String... settings) {
        List<CreatableTopicConfig> configs = new ArrayList<>();
        for (int i = 0; i < settings.length; i += 2) {
            configs.add(new CreatableTopicConfig(settings[i], settings[i + 1]));
        }
        return new CreatableTopic("configured", 1, (short) 1, List.of(), configs);
    }

    private static void expect(ErrorCode error, CreatableTopic... topics) throws IOException {
        ErrorCode[] errors = error == ErrorCode.NONE ? new ErrorCode[0] : new ErrorCode[] {error};
        bed.expect(new CreateTopicsRequest(List.of(topics), ErrorsBed.TIMEOUT_MS, true), 7, errors);
        bed.expect(new CreateTopicsRequest(List.of(topics), ErrorsBed.TIMEOUT_MS, true), 1, errors);
        if (error != ErrorCode.NONE) {
            bed.expect(new CreateTopicsRequest(List.of(topics), ErrorsBed.TIMEOUT_MS, false), 5, errors);
        }
    }

    @Test
    void namesThatTopicsCannotHave() throws IOException {
        for (String name :
                List.of("", ".", "..", "a b", "ä", "a/b", "a\\b", "a:b", "a\u0000b", "a\nb", "x".repeat(250))) {
            expect(INVALID_TOPIC_EXCEPTION, topic(name, 1, 1));
        }
        expect(INVALID_TOPIC_EXCEPTION, topic("a_b", 1, 1));
        expect(TOPIC_ALREADY_EXISTS, topic("t", 1, 1));
        bed.expect(
                new CreateTopicsRequest(
                        List.of(topic("twice", 1, 1), topic("twice", 2, 1)), ErrorsBed.TIMEOUT_MS, false),
                5,
                INVALID_REQUEST,
                INVALID_REQUEST);
        expect(ErrorCode.NONE);
        expect(ErrorCode.NONE, topic("x".repeat(249), 1, 1));
    }

    @Test
    void numbersThatCannotBe() throws IOException {
        for (int partitions : new int[] {0, -2, Integer.MIN_VALUE}) {
            expect(INVALID_PARTITIONS, topic("numbers", partitions, 1));
        }
        for (int replicas : new int[] {0, -2, 2, Short.MAX_VALUE, Short.MIN_VALUE}) {
            expect(INVALID_REPLICATION_FACTOR, topic("numbers", 1, replicas));
        }
        expect(ErrorCode.NONE, topic("numbers", -1, -1));
    }

    @Test
    void moreThanABrokerCanBear() throws IOException {
        Assumptions.assumeFalse(ErrorsBed.KAFKA, "Kafka would begin to create them");
        expect(POLICY_VIOLATION, topic("huge", 1_000_000, 1));
        expect(POLICY_VIOLATION, topic("huge", Integer.MAX_VALUE, 1));
        for (int count : new int[] {1_000_000, Integer.MAX_VALUE}) {
            bed.expect(grow(true, new CreatePartitionsTopic("t", count, null)), 3, POLICY_VIOLATION);
            bed.expect(grow(false, new CreatePartitionsTopic("t", count, null)), 3, POLICY_VIOLATION);
        }
    }

    @Test
    void assignmentsThatCannotBe() throws IOException {
        expect(INVALID_REQUEST, assigned(1, -1, on(0, id)));
        expect(INVALID_REQUEST, assigned(-1, 1, on(0, id)));
        expect(INVALID_REQUEST, assigned(1, 1, on(0, id)));
        expect(INVALID_REPLICA_ASSIGNMENT, assigned(-1, -1, on(0, id, id)));
        expect(INVALID_REPLICA_ASSIGNMENT, assigned(-1, -1, on(1, id)));
        expect(INVALID_REPLICA_ASSIGNMENT, assigned(-1, -1, on(0, id), on(2, id)));
        expect(INVALID_REPLICA_ASSIGNMENT, assigned(-1, -1, on(0, id), on(1, id, id + 1)));
        expect(ErrorCode.NONE, assigned(-1, -1, on(0, id), on(0, id)));
        if (!ErrorsBed.KAFKA) {
            expect(INVALID_REPLICA_ASSIGNMENT, assigned(-1, -1, on(-1, id)));
            expect(INVALID_REPLICA_ASSIGNMENT, assigned(-1, -1, on(0)));
            expect(INVALID_REPLICA_ASSIGNMENT, assigned(-1, -1, on(0, id + 7)));
            expect(INVALID_REPLICA_ASSIGNMENT, assigned(-1, -1, on(0, -1)));
        }
        expect(ErrorCode.NONE, assigned(-1, -1, on(0, id)));
    }

    @Test
    void settingsThatTopicsCannotHave() throws IOException {
        expect(INVALID_CONFIG, configured("no.such.setting", "1"));
        expect(INVALID_CONFIG, configured("", "1"));
        expect(INVALID_CONFIG, configured("retention.ms", "soon"));
        expect(INVALID_CONFIG, configured("retention.ms", "-2"));
        expect(INVALID_CONFIG, configured("cleanup.policy", "shred"));
        expect(INVALID_CONFIG, configured("min.insync.replicas", "0"));
        expect(INVALID_CONFIG, configured("retention.ms", null));
        expect(ErrorCode.NONE, configured("retention.ms", "1", "retention.ms", "2"));
    }

    @Test
    void whoDoesNotWaitIsToldThatTheTimeIsOver() throws IOException {
        for (int timeoutMs : new int[] {0, -1, Integer.MIN_VALUE}) {
            String name = "unawaited" + timeoutMs;
            bed.expect(new CreateTopicsRequest(List.of(topic(name, 1, 1)), timeoutMs, false), 5, REQUEST_TIMED_OUT);
            awaitTopic(name);
            bed.expect(
                    new CreatePartitionsRequest(List.of(new CreatePartitionsTopic(name, 2, null)), timeoutMs, false),
                    2,
                    REQUEST_TIMED_OUT);
            bed.expect(new DeleteTopicsRequest(List.of(), List.of(name), timeoutMs), 5, REQUEST_TIMED_OUT);
        }
    }

    private static void awaitTopic(String name) {
        MetadataRequest request =
                new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, name)), false, false, false);
        await().atMost(ErrorsBed.PATIENCE).until(() -> bed.errors(request, 9).isEmpty());
    }

    private static CreatePartitionsRequest grow(boolean validateOnly, CreatePartitionsTopic... topics) {
        return new CreatePartitionsRequest(List.of(topics), ErrorsBed.TIMEOUT_MS, validateOnly);
    }

    private static CreatePartitionsTopic to(int count, Integer[]... brokers) {
        return new CreatePartitionsTopic(
                "t",
                count,
                Arrays.stream(brokers)
                        .map(ids -> new CreatePartitionsAssignment(List.of(ids)))
                        .toList());
    }

    private static Integer[] replicas(Integer... ids) {
        return ids;
    }

    @Test
    void growthThatCannotBe() throws IOException {
        for (boolean validateOnly : new boolean[] {true, false}) {
            for (int version : new int[] {0, 3}) {
                for (int count : new int[] {2, 1, 0, -1}) {
                    bed.expect(
                            grow(validateOnly, new CreatePartitionsTopic("t", count, null)),
                            version,
                            INVALID_PARTITIONS);
                }
                bed.expect(grow(validateOnly, to(3)), version, INVALID_REPLICA_ASSIGNMENT);
                bed.expect(grow(validateOnly, to(3, replicas(id), replicas(id))), version, INVALID_REPLICA_ASSIGNMENT);
                bed.expect(grow(validateOnly, to(4, replicas(id))), version, INVALID_REPLICA_ASSIGNMENT);
                bed.expect(grow(validateOnly, to(3, replicas())), version, INVALID_REPLICA_ASSIGNMENT);
                bed.expect(grow(validateOnly, to(3, replicas(id, id))), version, INVALID_REPLICA_ASSIGNMENT);
                bed.expect(grow(validateOnly, to(3, replicas(id + 7))), version, INVALID_REPLICA_ASSIGNMENT);
                bed.expect(grow(validateOnly, to(3, replicas(-1))), version, INVALID_REPLICA_ASSIGNMENT);
                bed.expect(
                        grow(validateOnly, to(4, replicas(id), replicas(id, id + 7))),
                        version,
                        INVALID_REPLICA_ASSIGNMENT);
                bed.expect(
                        grow(
                                validateOnly,
                                new CreatePartitionsTopic("t", 3, null),
                                new CreatePartitionsTopic("t", 4, null)),
                        version,
                        INVALID_REQUEST);
                bed.expect(grow(validateOnly), version);
                for (String unknown : List.of("none", "", "a b", "..", "x".repeat(300))) {
                    bed.expectHere(
                            grow(validateOnly, new CreatePartitionsTopic(unknown, 3, null)),
                            version,
                            UNKNOWN_TOPIC_OR_PARTITION);
                }
            }
        }
        bed.expect(grow(true, new CreatePartitionsTopic("t", 3, null)), 3);
    }

    private static DeleteTopicsRequest byName(String... names) {
        return new DeleteTopicsRequest(List.of(), List.of(names), ErrorsBed.TIMEOUT_MS);
    }

    private static DeleteTopicsRequest states(DeleteTopicState... states) {
        return new DeleteTopicsRequest(List.of(states), List.of(), ErrorsBed.TIMEOUT_MS);
    }

    private static DeleteTopicState state(String name, Uuid topicId) {
        return new DeleteTopicState(name, topicId);
    }

    @Test
    void topicsThatThereAreNotAreNotDeleted() throws IOException {
        for (String unknown : List.of("none", "", "a b", "..", "x".repeat(300))) {
            bed.expect(byName(unknown), 0, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(byName(unknown), 5, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(states(state(unknown, Uuid.ZERO)), 6, UNKNOWN_TOPIC_OR_PARTITION);
        }
        bed.expect(states(state(null, new Uuid(7, 7))), 6, UNKNOWN_TOPIC_ID);
        bed.expect(byName(), 5);
        bed.expect(states(), 6);
    }

    @Test
    void aTopicIsNamedByNameOrById() throws IOException {
        CreateTopicsResponse created = bed.ask(
                new CreateTopicsRequest(List.of(topic("named", 1, 1)), ErrorsBed.TIMEOUT_MS, false),
                7,
                CreateTopicsResponse.class);
        Uuid topicId = created.topics().get(0).topicId();
        bed.expect(states(state("named", topicId)), 6, INVALID_REQUEST);
        bed.expect(states(state("none", new Uuid(7, 7))), 6, INVALID_REQUEST);
        bed.expect(states(state("named", Uuid.ZERO), state("named", topicId)), 6, INVALID_REQUEST, INVALID_REQUEST);
        bed.expectHere(states(state(null, Uuid.ZERO)), 6, INVALID_REQUEST);
        assertThat(topics()).contains("named");
        bed.expectHere(byName("named", "named"), 5, INVALID_REQUEST);
    }

    @Test
    void nothingIsDeletedWhereThatIsNotAllowed() throws Exception {
        try (ErrorsBed kept = ErrorsBed.start("delete.topic.enable", "false")) {
            kept.create("t", 1);
            kept.expect(byName("t"), 2, INVALID_REQUEST);
            kept.expect(byName("t", "none"), 3, TOPIC_DELETION_DISABLED, TOPIC_DELETION_DISABLED);
            kept.expect(states(state("t", Uuid.ZERO)), 6, TOPIC_DELETION_DISABLED);
        }
    }

    private static List<String> topics() throws IOException {
        return bed.ask(new MetadataRequest(null, false, false, false), 9, MetadataResponse.class).topics().stream()
                .map(MetadataResponse.MetadataResponseTopic::name)
                .toList();
    }
}
