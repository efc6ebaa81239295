package io.odradek.core.request.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.odradek.core.controller.TopicCreator;
import io.odradek.core.coordinator.group.GroupSettings;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class FindCoordinatorHandlerTest {
    private static final long MAX_WAIT_MS = 5_000;

    private final CompletableFuture<ErrorCode> creation = new CompletableFuture<>();
    private final SimulatedWorld world = new SimulatedWorld(1);
    private MetadataImage image = image(false);
    private String created;
    private RecordingContext asked;

    private final FindCoordinatorHandler handler = new FindCoordinatorHandler(
            () -> image,
            new TopicCreator() {
                @Override
                public CompletionStage<ErrorCode> create(String topic) {
                    created = topic;
                    return creation;
                }

                @Override
                public int partitionsOf(String topic) {
                    return 50;
                }
            },
            world.newLoop("cluster"),
            MAX_WAIT_MS,
            world.clock());

    private static MetadataImage image(boolean withTopic) {
        TreeMap<String, Endpoint> endpoints = new TreeMap<>(Map.of("PLAINTEXT", new Endpoint("host", 9092)));
        TreeMap<Integer, BrokerInfo> brokers = new TreeMap<>(Map.of(7, new BrokerInfo(7, null, endpoints)));
        TreeMap<String, TopicInfo> topics = new TreeMap<>();
        if (withTopic) {
            var served = new PartitionInfo(7, 0, List.of(7), List.of(7));
            var leaderless = new PartitionInfo(-1, 0, List.of(8), List.of());
            topics.put(
                    GroupSettings.OFFSETS_TOPIC,
                    new TopicInfo(GroupSettings.OFFSETS_TOPIC, Uuid.ZERO, List.of(served, leaderless), Map.of()));
        }
        return new MetadataImage("cluster", 7, brokers, topics, Map.of());
    }

    private FindCoordinatorResponse ask(int version, int keyType, String... keys) {
        return (FindCoordinatorResponse) request(version, keyType, keys).response();
    }

    private RecordingContext request(int version, int keyType, String... keys) {
        asked = new RecordingContext(10, version);
        handler.handle(new FindCoordinatorRequest(keys[0], (byte) keyType, List.of(keys)), asked);
        world.runUntilIdle();
        return asked;
    }

    @Test
    void theLeaderOfTheGroupsPartitionIsItsCoordinator() {
        image = image(true);

        var found = ask(3, 0, "b");

        assertThat(found.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(found.nodeId()).isEqualTo(7);
        assertThat(found.host()).isEqualTo("host");
        assertThat(found.port()).isEqualTo(9092);
    }

    @Test
    void severalKeysAreAnsweredEachByItself() {
        image = image(true);

        var found = ask(4, 0, "b", "a").coordinators();

        assertThat(found).extracting(each -> each.key()).containsExactly("b", "a");
        assertThat(found)
                .extracting(each -> each.errorCode())
                .containsExactly(ErrorCode.NONE, ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void theFirstRequestCreatesTheTopicAndWaitsForIt() {
        assertThat(ask(4, 0, "b")).isNull();
        assertThat(created).isEqualTo("__consumer_offsets");
        image = image(true);
        creation.complete(ErrorCode.NONE);
        world.runUntilIdle();
        var found = ((FindCoordinatorResponse) asked.response()).coordinators();
        assertThat(found.get(0).nodeId()).isEqualTo(7);
    }

    @Test
    void nobodyWaitsForEverForATopicThatCannotBeCreated() {
        assertThat(ask(4, 0, "b")).isNull();
        world.advanceMs(MAX_WAIT_MS - 1);
        assertThat(asked.response()).isNull();
        world.advanceMs(1);
        var found = ((FindCoordinatorResponse) asked.response()).coordinators();
        assertThat(found.get(0).errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void aCreationThatFailsIsAnswered() {
        creation.completeExceptionally(new IllegalStateException("no tree"));

        assertThat(ask(3, 0, "b").errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void aKeyIsAnsweredOnceHoweverOftenItIsNamed() {
        image = image(true);

        assertThat(ask(4, 0, "b", "a", "b", "b").coordinators())
                .extracting(each -> each.key())
                .containsExactly("b", "a");
    }

    @Test
    void aTopicThatIsNotCreatedInTimeMeansNoCoordinatorYet() {
        RecordingContext context = request(4, 0, "b");
        world.advanceMs(4_999);
        assertThat(context.response()).isNull();

        world.advanceMs(1);

        assertThat(((FindCoordinatorResponse) context.response())
                        .coordinators()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void nobodyWaitsForATopicOnBehalfOfAClientThatHasLeft() {
        RecordingContext context = request(4, 0, "b");

        context.leave();
        world.runUntilIdle();

        assertThat(context.isDropped()).isTrue();
        creation.complete(ErrorCode.NONE);
        world.advanceMs(10_000);
        assertThat(context.response()).isNull();
    }

    @Test
    void aTopicThatCannotBeCreatedMeansNoCoordinatorYet() {
        creation.complete(ErrorCode.NOT_CONTROLLER);

        assertThat(ask(4, 0, "b").coordinators().get(0).errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void transactionalIdsHaveATopicOfTheirOwn() {
        image = image(true);
        assertThat(ask(4, 1, "tx", "another")).isNull();
        assertThat(created).isEqualTo("__transaction_state");
        var served = new PartitionInfo(7, 0, List.of(7), List.of(7));
        TopicInfo topic = new TopicInfo("__transaction_state", Uuid.ZERO, List.of(served), Map.of());
        image = new MetadataImage(
                "cluster", 7, image.brokers(), new TreeMap<>(Map.of("__transaction_state", topic)), Map.of());
        creation.complete(ErrorCode.NONE);
        world.runUntilIdle();

        assertThat(((FindCoordinatorResponse) asked.response()).coordinators())
                .extracting(each -> each.key(), each -> each.nodeId(), each -> each.errorCode())
                .containsExactly(tuple("tx", 7, ErrorCode.NONE), tuple("another", 7, ErrorCode.NONE));
    }

    @Test
    void keysOfUnknownTypesHaveNoCoordinator() {
        assertThat(ask(4, 2, "share").coordinators().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(created).isNull();
    }
}
