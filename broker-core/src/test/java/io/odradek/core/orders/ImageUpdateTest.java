package io.odradek.core.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a broker knows of the cluster after each of its controller's words. */
class ImageUpdateTest {
    private static final Uuid EVENTS = new Uuid(1, 1);
    private static final Uuid ORDERS = new Uuid(2, 2);
    private static final MetadataImage EMPTY = new MetadataImage(null, -1, new TreeMap<>(), new TreeMap<>(), Map.of());

    private static PartitionInfo led(int leader, int epoch) {
        return new PartitionInfo(leader, epoch, List.of(1, 2), List.of(leader));
    }

    private static TopicUpdate topic(String name, Uuid id, Map<Integer, PartitionInfo> partitions) {
        return new TopicUpdate(name, id, new TreeMap<>(partitions));
    }

    private static MetadataUpdate update(TopicUpdate... topics) {
        return new MetadataUpdate(Samples.brokers(1, 2), List.of(topics), List.of());
    }

    private static MetadataUpdate deletion(TopicPartition... deleted) {
        return new MetadataUpdate(Samples.brokers(1, 2), List.of(), List.of(deleted));
    }

    private static ImageUpdate apply(MetadataImage before, MetadataUpdate update) {
        return ImageUpdate.of(before, "cluster", 7, update);
    }

    private static final MetadataImage KNOWN = apply(
                    EMPTY,
                    update(
                            topic("events", EVENTS, Map.of(0, led(1, 3), 1, led(2, 4))),
                            topic("orders", ORDERS, Map.of(0, led(2, 0)))))
            .image();

    @Test
    void theFirstUpdateTellsOfTheClusterItsControllerItsBrokersAndTopics() {
        assertThat(KNOWN.clusterId()).isEqualTo("cluster");
        assertThat(KNOWN.controllerId()).isEqualTo(7);
        assertThat(KNOWN.brokers().get(2).endpoints().get("INTERNAL")).isEqualTo(new Endpoint("broker-2", 9092));
        assertThat(KNOWN.topics().get("events").partitions()).containsExactly(led(1, 3), led(2, 4));
        assertThat(KNOWN.topicNames()).containsOnly(Map.entry(EVENTS, "events"), Map.entry(ORDERS, "orders"));
    }

    @Test
    void whatHasNotChangedIsTheSameObject() {
        MetadataImage next = apply(KNOWN, update(topic("events", EVENTS, Map.of(1, led(1, 5)))))
                .image();

        assertThat(next.topics().get("events").partitions()).containsExactly(led(1, 3), led(1, 5));
        assertThat(next.topics().get("orders")).isSameAs(KNOWN.topics().get("orders"));
        assertThat(next.brokers()).isSameAs(KNOWN.brokers());
        assertThat(KNOWN.topics().get("events").partitions()).containsExactly(led(1, 3), led(2, 4));
    }

    @Test
    void brokersThatAreNotNamedAreGone() {
        MetadataUpdate without = new MetadataUpdate(Samples.brokers(2), List.of(), List.of());

        MetadataImage next = apply(KNOWN, without).image();

        assertThat(next.brokers()).containsOnlyKeys(2);
        assertThat(next.topics()).isSameAs(KNOWN.topics());
    }

    @Test
    void aTopicGoesWithTheLastOfItsPartitions() {
        ImageUpdate first = apply(KNOWN, deletion(new TopicPartition("events", 1)));
        ImageUpdate last = apply(first.image(), deletion(new TopicPartition("events", 0)));

        assertThat(first.image().topics().get("events").partitions()).containsExactly(led(1, 3));
        assertThat(first.gone()).containsExactly(new TopicPartition("events", 1));
        assertThat(last.image().topics()).containsOnlyKeys("orders");
        assertThat(last.image().topicNames()).containsOnlyKeys(ORDERS);
        assertThat(last.gone()).containsExactly(new TopicPartition("events", 0));
    }

    @Test
    void theDeletionOfWhatIsNotKnownIsToldAsGroupsMayHavePositionsInIt() {
        ImageUpdate next = apply(KNOWN, deletion(new TopicPartition("others", 0), new TopicPartition("events", 9)));

        assertThat(next.image().topics()).isEqualTo(KNOWN.topics());
        assertThat(next.gone()).containsExactly(new TopicPartition("others", 0), new TopicPartition("events", 9));
    }

    @Test
    void aTopicOfTheSameNameWithAnotherIdTakesThePlaceOfTheOneBefore() {
        Uuid again = new Uuid(3, 3);
        ImageUpdate next = apply(KNOWN, update(topic("events", again, Map.of(0, led(2, 0)))));

        assertThat(next.image().topics().get("events").partitions()).containsExactly(led(2, 0));
        assertThat(next.image().topicNames()).containsOnlyKeys(ORDERS, again);
        assertThat(next.gone()).containsExactly(new TopicPartition("events", 0), new TopicPartition("events", 1));
    }

    @Test
    void aWholeUpdateTakesAwayWhatItDoesNotName() {
        MetadataUpdate whole = new MetadataUpdate(
                Samples.brokers(1, 2), List.of(topic("orders", ORDERS, Map.of(0, led(1, 1)))), List.of(), true);

        ImageUpdate next = apply(KNOWN, whole);

        assertThat(next.image().topics()).containsOnlyKeys("orders");
        assertThat(next.gone()).containsExactly(new TopicPartition("events", 0), new TopicPartition("events", 1));
    }

    @Test
    void aPartitionThatIsToldOfBeforeThoseBelowItLeavesThemWithoutLeader() {
        MetadataImage next = apply(KNOWN, update(topic("late", new Uuid(4, 4), Map.of(2, led(1, 0)))))
                .image();

        List<PartitionInfo> partitions = next.topics().get("late").partitions();
        assertThat(partitions).hasSize(3);
        assertThat(partitions.get(0).leader()).isEqualTo(-1);
        assertThat(partitions.get(2)).isEqualTo(led(1, 0));
    }
}
