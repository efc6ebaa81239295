package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.IsrAnswer;
import io.odradek.core.partition.IsrProposal;
import io.odradek.core.partition.IsrProposal.Member;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AlterPartitionRequest;
import io.odradek.protocol.api.AlterPartitionRequest.BrokerState;
import io.odradek.protocol.api.AlterPartitionResponse;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IsrChangeSenderTest {
    private static final Uuid TOPIC_ID = new Uuid(1, 1);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final SimulatedLoop loop = world.newLoop("cluster");
    private final List<AlterPartitionRequest> sent = new ArrayList<>();
    private final List<CompletableFuture<ApiResponse>> answers = new ArrayList<>();
    private final List<IsrAnswer> heard = new ArrayList<>();
    private long brokerEpoch = 50;
    private final IsrChangeSender sender = new IsrChangeSender(
            (api, version, request, timeoutMs) -> {
                sent.add((AlterPartitionRequest) request);
                answers.add(new CompletableFuture<>());
                return answers.get(answers.size() - 1);
            },
            1,
            () -> brokerEpoch,
            30_000,
            loop,
            world.clock());

    private void propose(int partition) {
        sender.propose(
                new IsrProposal(
                        new TopicPartition("t", partition),
                        TOPIC_ID,
                        5,
                        7,
                        List.of(new Member(1, -1), new Member(2, 40))),
                heard::add);
        world.runUntilIdle();
    }

    private void answer(int request, ErrorCode error, int... partitions) {
        List<AlterPartitionResponse.PartitionData> data = new ArrayList<>();
        for (int partition : partitions) {
            data.add(new AlterPartitionResponse.PartitionData(partition, error, 1, 5, List.of(1, 2), (byte) 0, 8));
        }
        loop.post(() -> answers.get(request)
                .complete(new AlterPartitionResponse(
                        ErrorCode.NONE, List.of(new AlterPartitionResponse.TopicData("", TOPIC_ID, data)))));
        world.runUntilIdle();
    }

    @Test
    void aProposalNamesEachReplicaWithItsLifeThisBrokerToo() {
        propose(0);
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).brokerId()).isEqualTo(1);
        assertThat(sent.get(0).brokerEpoch()).isEqualTo(50);
        AlterPartitionRequest.PartitionData asked =
                sent.get(0).topics().get(0).partitions().get(0);
        assertThat(asked.newIsrWithEpochs()).containsExactly(new BrokerState(1, 50), new BrokerState(2, 40));
        assertThat(asked.leaderEpoch()).isEqualTo(5);
        assertThat(asked.partitionEpoch()).isEqualTo(7);
        answer(0, ErrorCode.NONE, 0);
        assertThat(heard).containsExactly(new IsrAnswer(ErrorCode.NONE, 5, List.of(1, 2), 8));
    }

    @Test
    void whatComesWhileARequestIsUnderWayGoesWithTheNext() {
        propose(0);
        propose(1);
        propose(2);
        assertThat(sent).hasSize(1);
        answer(0, ErrorCode.NONE, 0);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).topics().get(0).partitions()).hasSize(2);
    }

    @Test
    void withoutAnAnswerItIsAskedAgain() {
        propose(0);
        loop.post(() -> answers.get(0).completeExceptionally(new BrokerUnreachableException("gone")));
        world.runUntilIdle();
        assertThat(sent).as("not at once").hasSize(1);
        world.advanceMs(1_000);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1)).isEqualTo(sent.get(0));
        answer(1, ErrorCode.INVALID_UPDATE_VERSION, 0);
        assertThat(heard).extracting(IsrAnswer::error).containsExactly(ErrorCode.INVALID_UPDATE_VERSION);
        world.advanceMs(10_000);
        assertThat(sent).hasSize(2);
    }

    @Test
    void anErrorThatTellsNothingIsNoAnswer() {
        propose(0);
        answer(0, ErrorCode.UNKNOWN_SERVER_ERROR, 0);
        world.advanceMs(1_000);
        assertThat(heard).isEmpty();
        assertThat(sent).hasSize(2);
        loop.post(() -> answers.get(1).complete(new AlterPartitionResponse(ErrorCode.STALE_BROKER_EPOCH, List.of())));
        world.advanceMs(1_000);
        assertThat(heard).isEmpty();
        assertThat(sent).hasSize(3);
        answer(2, ErrorCode.NONE);
        world.advanceMs(1_000);
        assertThat(sent).as("a partition without an answer").hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_TOPIC_ID", "UNKNOWN_TOPIC_OR_PARTITION"})
    void aControllerThatDoesNotKnowTheTopicMayBeAnOldOneAndIsAskedAgain(ErrorCode error) {
        propose(0);
        answer(0, error, 0);
        world.advanceMs(1_000);
        assertThat(heard).isEmpty();
        assertThat(sent).hasSize(2);
        answer(1, ErrorCode.NONE, 0);
        assertThat(heard).extracting(IsrAnswer::error).containsExactly(ErrorCode.NONE);
    }

    @Test
    void whatHasBeenWithdrawnIsNeitherAskedNorAnswered() {
        propose(0);
        sender.withdraw(new TopicPartition("t", 0));
        world.runUntilIdle();
        answer(0, ErrorCode.NONE, 0);
        assertThat(heard).isEmpty();
        world.advanceMs(1_000);
        assertThat(sent).hasSize(1);
    }

    @Test
    void aBrokerWithoutARegistrationAsksNothingUntilItHasOne() {
        brokerEpoch = -1;
        propose(0);
        world.advanceMs(1_000);
        assertThat(sent).isEmpty();
        brokerEpoch = 60;
        world.advanceMs(1_000);
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).brokerEpoch()).isEqualTo(60);
    }
}
