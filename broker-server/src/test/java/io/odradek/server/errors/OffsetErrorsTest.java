package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.GROUP_ID_NOT_FOUND;
import static io.odradek.protocol.errors.ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC;
import static io.odradek.protocol.errors.ErrorCode.INVALID_COMMIT_OFFSET_SIZE;
import static io.odradek.protocol.errors.ErrorCode.INVALID_GROUP_ID;
import static io.odradek.protocol.errors.ErrorCode.NON_EMPTY_GROUP;
import static io.odradek.protocol.errors.ErrorCode.OFFSET_METADATA_TOO_LARGE;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_SERVER_ERROR;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static io.odradek.server.errors.Members.JOIN;
import static io.odradek.server.errors.Members.join;
import static io.odradek.server.errors.Members.stable;
import static io.odradek.server.errors.Members.subscription;
import static io.odradek.server.errors.Members.sync;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterableConfig;
import io.odradek.protocol.api.JoinGroupResponse;
import io.odradek.protocol.api.OffsetCommitRequest;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.odradek.protocol.api.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.odradek.protocol.api.OffsetDeleteRequest;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.odradek.protocol.api.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.odradek.protocol.api.OffsetFetchRequest;
import io.odradek.protocol.api.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Positions of groups that are not kept or not forgotten, and a coordinator that cannot store anything. */
@Timeout(120)
class OffsetErrorsTest {
    private static final String OFFSETS = "__consumer_offsets";
    private static ErrorsBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start("group.initial.rebalance.delay.ms", "0");
        bed.create("t", 2);
        bed.create("u", 1);
        bed.awaitCoordinator(0, "g");
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static OffsetCommitRequest commit(String group, String topic, int partition, String metadata) {
        var position = new OffsetCommitRequestPartition(partition, 1, -1, -1, metadata);
        var positions = new OffsetCommitRequestTopic(topic, List.of(position));
        return new OffsetCommitRequest(group, -1, "", null, -1, List.of(positions));
    }

    private static OffsetDeleteRequest delete(String group, String topic, int partition) {
        var partitions = List.of(new OffsetDeleteRequestPartition(partition));
        return new OffsetDeleteRequest(group, List.of(new OffsetDeleteRequestTopic(topic, partitions)));
    }

    @Test
    void positionsThatAreNotKept() throws IOException {
        for (int version : new int[] {1, 5, 8}) {
            bed.expect(commit("g", "t", 0, ""), version);
            bed.expect(commit("g", "none", 0, ""), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(commit("g", "", 0, ""), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(commit("g", "t", 2, ""), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(commit("g", "t", -1, ""), version, UNKNOWN_TOPIC_OR_PARTITION);
            bed.expect(commit("g", "t", 0, "x".repeat(4_097)), version, OFFSET_METADATA_TOO_LARGE);
            bed.expect(commit("g", "t", 0, "x".repeat(4_096)), version);
        }
    }

    private static OffsetFetchRequest fetch(String group, String topic, int partition) {
        var topics = List.of(new OffsetFetchRequestTopic(topic, List.of(partition)));
        return new OffsetFetchRequest(group, topics, List.of(), false);
    }

    @Test
    void positionsThatAreNotKeptInTheTree() throws IOException {
        bed.expect(commit("old", "t", 0, null), 0);
        bed.expect(commit("old", "none", 0, null), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(commit("old", "", 0, ""), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(commit("old", "t", 2, ""), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(commit("old", "t", -1, ""), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(commit("old", "t", 0, "x".repeat(4_097)), 0, OFFSET_METADATA_TOO_LARGE);
        bed.expect(commit("old", "t", 0, "x".repeat(4_096)), 0);
        bed.expect(fetch("old", "t", 0), 0);
        bed.expect(fetch("old", "t", 1), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(fetch("old", "t", 2), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(fetch("old", "none", 0), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(fetch("older", "t", 0), 0, UNKNOWN_TOPIC_OR_PARTITION);
        for (String group : List.of("", "/", "a//b", "../x", "\u0000")) {
            bed.expect(commit(group, "t", 0, ""), 0, UNKNOWN_SERVER_ERROR);
            bed.expect(fetch(group, "t", 0), 0, UNKNOWN_SERVER_ERROR);
        }
        bed.expect(fetch("old", "t", 0), 1);
    }

    @Test
    void positionsThatAreNotForgotten() throws IOException {
        bed.expect(delete("none", "t", 0), 0, GROUP_ID_NOT_FOUND);
        bed.expect(delete("", "t", 0), 0, INVALID_GROUP_ID);
        bed.expect(commit("forgetful", "t", 0, ""), 8);
        bed.expect(delete("forgetful", "none", 0), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(delete("forgetful", "t", 2), 0, UNKNOWN_TOPIC_OR_PARTITION);
        bed.expect(delete("forgetful", "t", 1), 0);
        bed.expect(delete("forgetful", "t", 0), 0);

        stable(bed, join("reading", "", null), JOIN);
        bed.expect(delete("reading", "t", 0), 0, GROUP_SUBSCRIBED_TO_TOPIC);
        bed.expect(delete("reading", "u", 0), 0);
        stable(bed, join("working", "", null, "connect", 10_000, subscription("t"), "range"), JOIN);
        bed.expect(delete("working", "t", 0), 0, NON_EMPTY_GROUP);
    }

    private static void setOfOffsets(String name, String value) throws IOException {
        byte operation = (byte) (value == null ? 1 : 0);
        var resource =
                new AlterConfigsResource((byte) 2, OFFSETS, List.of(new AlterableConfig(name, operation, value)));
        bed.expect(new IncrementalAlterConfigsRequest(List.of(resource), false), 1);
    }

    private static void expectSoon(ErrorCode error, OffsetCommitRequest commit) {
        await().atMost(ErrorsBed.PATIENCE).until(() -> bed.errors(commit, 8), List.of(error)::equals);
    }

    @Test
    void whatIsLargerThanTheTopicOfPositionsTakes() throws IOException {
        JoinGroupResponse joined = bed.ask(join("large", "", null), JOIN, JoinGroupResponse.class);
        setOfOffsets("max.message.bytes", "200");
        try {
            expectSoon(INVALID_COMMIT_OFFSET_SIZE, commit("g", "t", 0, "x".repeat(1_000)));
            bed.expect(
                    sync("large", joined.generationId(), joined.memberId(), null, joined.memberId()),
                    5,
                    UNKNOWN_SERVER_ERROR);
        } finally {
            setOfOffsets("max.message.bytes", null);
        }
    }
}
