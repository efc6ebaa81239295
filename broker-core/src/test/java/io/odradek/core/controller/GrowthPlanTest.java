package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class GrowthPlanTest {
    private final ControllerState state = Known.brokers(0, 1, 2)
            .partition(1, List.of(1, 2), List.of(1, 2))
            .partition(2, List.of(2, 0), List.of(2, 0))
            .state();

    private Map<Integer, List<Integer>> plan(int count, List<List<Integer>> assignment) {
        return GrowthPlan.of(
                new TopicGrowth("t", count, assignment), state.topics().get("t"), state.brokers());
    }

    private ErrorCode refusal(int count, List<List<Integer>> assignment) {
        return Assertions.catchThrowableOfType(ApiException.class, () -> plan(count, assignment))
                .error();
    }

    @Test
    void theRoundOfTheBrokersGoesOnWhereTheFirstPartitionBeganIt() {
        assertThat(plan(5, null))
                .containsExactly(Map.entry(2, List.of(0, 2)), Map.entry(3, List.of(1, 2)), Map.entry(4, List.of(2, 0)));
    }

    @Test
    void assignmentsAreTakenAsTheyAre() {
        assertThat(plan(4, List.of(List.of(0, 1), List.of(2, 1))))
                .containsExactly(Map.entry(2, List.of(0, 1)), Map.entry(3, List.of(2, 1)));
    }

    @Test
    void whatIsNoGrowthIsRefused() {
        assertThat(refusal(2, null)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(refusal(1, null)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(refusal(-1, null)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(refusal(Integer.MIN_VALUE, null)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
    }

    @Test
    void aTopicWithGapsDoesNotGrow() {
        ControlledTopic whole = state.topics().get("t");
        for (int present = 0; present < 2; present++) {
            ControlledTopic gap = new ControlledTopic(
                    "t",
                    whole.id(),
                    new TreeMap<>(whole.partitions().tailMap(1).headMap(1 + present)),
                    new TreeMap<>());
            ApiException refusal = Assertions.catchThrowableOfType(
                    ApiException.class, () -> GrowthPlan.of(new TopicGrowth("t", 4, null), gap, state.brokers()));
            assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        }
    }

    @Test
    void assignmentsThatKafkaRefusesAreRefused() {
        assertThat(refusal(3, List.of())).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(4, List.of(List.of(0, 1)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(3, List.of(List.of(0)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(3, List.of(List.of(0, 0)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(refusal(3, List.of(List.of(0, 7)))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void withoutEnoughBrokersNothingIsPlaced() {
        state.brokers(Brokers.NONE.replacedBy(Known.live(1)));
        assertThat(refusal(3, null)).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    }
}
