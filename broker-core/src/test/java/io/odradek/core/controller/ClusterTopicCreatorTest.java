package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicResult;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a broker of a cluster has topics created that clients ask it for. */
class ClusterTopicCreatorTest {
    private static final NewTopic OFFSETS =
            new NewTopic(TopicNames.OFFSETS, 50, (short) 3, new TreeMap<>(), Map.of("cleanup.policy", "compact"));

    private final List<CreateTopicsRequest> asked = new ArrayList<>();
    private final List<CompletableFuture<ApiResponse>> answers = new ArrayList<>();
    private final TreeMap<String, TopicInfo> known = new TreeMap<>();
    private final TopicCreator creator = new ClusterTopicCreator(
            (api, version, request, timeoutMs) -> {
                asked.add((CreateTopicsRequest) request);
                answers.add(new CompletableFuture<>());
                return answers.get(answers.size() - 1);
            },
            () -> new MetadataImage("cluster", 2, new TreeMap<>(), known, Map.of()),
            new AutoTopics(4, Map.of(TopicNames.OFFSETS, OFFSETS)),
            5_000);

    private void answer(ErrorCode error) {
        answers.get(0)
                .complete(new CreateTopicsResponse(List.of(
                        new CreatableTopicResult("t", Uuid.ZERO, error, null, (short) 0, -1, (short) -1, List.of()))));
    }

    @Test
    void aClientsTopicGetsTheControllersDefaults() {
        var created = creator.create("events");

        assertThat(asked.get(0).topics())
                .containsExactly(new CreatableTopic("events", -1, (short) -1, List.of(), List.of()));
        answer(ErrorCode.NONE);
        assertThat(created.toCompletableFuture()).isCompletedWithValue(ErrorCode.NONE);
    }

    @Test
    void theGroupsTopicGetsTheReplicasThatAreSetHoweverFewBrokersThereAre() {
        creator.create(TopicNames.OFFSETS);

        assertThat(asked.get(0).topics())
                .containsExactly(new CreatableTopic(
                        TopicNames.OFFSETS,
                        50,
                        (short) 3,
                        List.of(),
                        List.of(new CreatableTopicConfig("cleanup.policy", "compact"))));
        assertThat(creator.partitionsOf(TopicNames.OFFSETS)).isEqualTo(50);
    }

    @Test
    void manyWhoAskForOneTopicAskTheControllerOnce() {
        var first = creator.create("events");
        var second = creator.create("events");
        creator.create("others");
        assertThat(asked).hasSize(2);

        answer(ErrorCode.INVALID_REPLICATION_FACTOR);

        assertThat(first.toCompletableFuture()).isCompletedWithValue(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(second.toCompletableFuture()).isCompletedWithValue(ErrorCode.INVALID_REPLICATION_FACTOR);
        creator.create("events");
        assertThat(asked).as("asked again after the answer").hasSize(3);
    }

    @Test
    void aTopicThatIsKnownIsNotAskedFor() {
        known.put("events", new TopicInfo("events", Uuid.ZERO, List.of(), Map.of()));

        assertThat(creator.create("events").toCompletableFuture()).isCompletedWithValue(ErrorCode.TOPIC_ALREADY_EXISTS);
        assertThat(asked).isEmpty();
    }

    @Test
    void withoutAControllerItIsWorthToAskAgain() {
        var created = creator.create("events");

        answers.get(0).completeExceptionally(new BrokerUnreachableException("nobody"));

        assertThat(created.toCompletableFuture()).isCompletedWithValue(ErrorCode.LEADER_NOT_AVAILABLE);
    }
}
