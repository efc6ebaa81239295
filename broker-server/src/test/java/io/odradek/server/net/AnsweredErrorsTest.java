package io.odradek.server.net;

import static io.odradek.protocol.errors.ErrorCode.INVALID_TOPIC_EXCEPTION;
import static io.odradek.protocol.errors.ErrorCode.NONE;
import static io.odradek.protocol.errors.ErrorCode.REBALANCE_IN_PROGRESS;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.DeleteGroupsResponse;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnsweredErrorsTest {
    @Test
    void ofManyPartitionsEachCounts() {
        OffsetCommitResponse committed = new OffsetCommitResponse(List.of(
                new OffsetCommitResponse.OffsetCommitResponseTopic(
                        "a",
                        List.of(
                                new OffsetCommitResponse.OffsetCommitResponsePartition(0, NONE),
                                new OffsetCommitResponse.OffsetCommitResponsePartition(1, UNKNOWN_TOPIC_OR_PARTITION))),
                new OffsetCommitResponse.OffsetCommitResponseTopic(
                        "b", List.of(new OffsetCommitResponse.OffsetCommitResponsePartition(0, NONE)))));

        assertThat(errors(committed)).containsExactly(NONE, UNKNOWN_TOPIC_OR_PARTITION, NONE);
    }

    @Test
    void ofManyGroupsEachCounts() {
        DeleteGroupsResponse deleted = new DeleteGroupsResponse(List.of(
                new DeleteGroupsResponse.DeletableGroupResult("g", INVALID_TOPIC_EXCEPTION),
                new DeleteGroupsResponse.DeletableGroupResult("h", NONE)));

        assertThat(errors(deleted)).containsExactly(INVALID_TOPIC_EXCEPTION, NONE);
    }

    @Test
    void ofAnAnswerToOneThingItCountsAsAWhole() {
        assertThat(errors(new HeartbeatResponse(REBALANCE_IN_PROGRESS))).containsExactly(REBALANCE_IN_PROGRESS);
    }

    private static List<ErrorCode> errors(ApiResponse response) {
        List<ErrorCode> errors = new ArrayList<>();
        AnsweredErrors.of(response, errors::add);
        return errors;
    }
}
