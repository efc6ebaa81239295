package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.Adoption.FoundPartition;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tree that is older than the log folders, and folders that are older than the tree. */
class OutdatedTopicsTest {
    private static final BiPredicate<String, Uuid> NOBODY_KNOWS = (topic, id) -> false;

    private final Uuid id = new Uuid(3, 4);
    private final Uuid other = new Uuid(5, 6);
    private SimulatedCluster cluster;

    @BeforeEach
    void open() throws IOException {
        cluster = new SimulatedCluster();
        cluster.value(ClusterTree.prepare(cluster.observer(), Optional.of("theirs"), "fresh"));
        adopt(found(0, id, 3));
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private static FoundPartition found(int partition, Uuid topicId, int epoch) {
        return new FoundPartition(new TopicPartition("t", partition), topicId, epoch, -1);
    }

    private void adopt(FoundPartition... found) {
        cluster.value(Adoption.adopt(
                cluster.observer(),
                1,
                List.of(found),
                new SimulatedWorld(1).newRandoms("adoption"),
                () -> CompletableFuture.completedStage((topic, foundId) ->
                        new Adoption.Known(Adoption.settings(topic), "nobody knows them", Uuid.ZERO, 0))));
    }

    /** {@return the topic that is served in the end} */
    private TopicInfo serve(BiPredicate<String, Uuid> isLater, boolean wasBehind, FoundPartition... found) {
        assertThat(cluster.value(OutdatedTopics.bringUpToDate(cluster.observer(), 1, List.of(found), isLater)))
                .isEqualTo(wasBehind);
        adopt(found);
        SimulatedCluster.Broker broker = cluster.new Broker(1, null);
        cluster.brokers.put(1, broker);
        cluster.value(broker.start());
        return broker.image().topics().get("t");
    }

    @Test
    void aTopicGrowsToTheHighestPartitionThatIsFoundInAnEpochAfterItsRecords() {
        TopicInfo topic = serve(NOBODY_KNOWS, true, found(0, id, 3), found(3, id, 7), found(1, id, -1));
        assertThat(topic.id()).isEqualTo(id);
        assertThat(topic.partitions())
                .containsExactly(
                        new PartitionInfo(1, 4, List.of(1), List.of(1)),
                        new PartitionInfo(1, 0, List.of(1), List.of(1)),
                        new PartitionInfo(1, 0, List.of(1), List.of(1)),
                        new PartitionInfo(1, 8, List.of(1), List.of(1)));
    }

    @Test
    void aFolderThatDoesNotSayWhoseItIsCountsAsTheTopics() {
        assertThat(serve(NOBODY_KNOWS, true, found(0, id, 3), found(1, Uuid.ZERO, 7))
                        .partitions())
                .hasSize(2);
    }

    @Test
    void aPartitionOfAnotherTopicOfTheNameDoesNotMakeATopicGrow() {
        TopicInfo topic = serve((name, any) -> true, false, found(0, id, 3), found(1, other, 7));
        assertThat(topic.id()).isEqualTo(id);
        assertThat(topic.partitions()).hasSize(1);
    }

    @Test
    void anotherTopicOfTheNameTakesItsPlaceIfItIsKnownToBeLater() {
        TopicInfo topic = serve((name, any) -> any.equals(other), true, found(0, other, 1), found(2, other, 7));
        assertThat(topic.id()).isEqualTo(other);
        assertThat(topic.partitions()).extracting(PartitionInfo::leaderEpoch).containsExactly(2, 0, 8);
    }

    @Test
    void anotherTopicOfTheNameOfWhichNobodyKnowsThatItIsLaterChangesNothing() {
        TopicInfo topic = serve(NOBODY_KNOWS, false, found(0, other, 1), found(1, other, 7), found(2, Uuid.ZERO, 7));
        assertThat(topic.id()).isEqualTo(id);
        assertThat(topic.partitions()).hasSize(1);
    }

    @Test
    void nothingIsDoneWhereTreeAndFoldersAgree() {
        assertThat(serve(NOBODY_KNOWS, false, found(0, id, 3)).partitions()).hasSize(1);
    }
}
