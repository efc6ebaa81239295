package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseBroker;
import io.odradek.protocol.api.MetadataResponse.MetadataResponsePartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What clients see of a cluster: broker 1 is on both listeners, broker 2 on the inner one only, broker 3 is dead.
 */
class MetadataOfClusterTest {
    private static final Uuid ID = new Uuid(1, 2);

    private static BrokerInfo broker(int id, String rack, String... listeners) {
        TreeMap<String, Endpoint> endpoints = new TreeMap<>();
        for (String listener : listeners) {
            endpoints.put(listener, new Endpoint(listener.toLowerCase(Locale.ROOT) + "-" + id, 9092));
        }
        return new BrokerInfo(id, rack, endpoints);
    }

    private static MetadataResponse ask(int version, String listener, PartitionInfo... partitions) {
        MetadataImage image = new MetadataImage(
                "cluster",
                2,
                new TreeMap<>(Map.of(1, broker(1, "a", "INNER", "OUTER"), 2, broker(2, null, "INNER"))),
                new TreeMap<>(Map.of("events", new TopicInfo("events", ID, List.of(partitions), Map.of()))),
                Map.of(ID, "events"));
        MetadataAnswer answer =
                new MetadataAnswer(image, listener, (short) version, new MetadataRequest(null, false, false, false));
        return answer.response(answer.allTopics());
    }

    private static MetadataResponsePartition only(MetadataResponse response) {
        return response.topics().get(0).partitions().get(0);
    }

    private static final PartitionInfo LED = new PartitionInfo(2, 7, List.of(2, 1, 3), List.of(2, 1));

    @Test
    void allBrokersOfTheListenerAreShownWithTheirRacksAndTheController() {
        MetadataResponse inner = ask(12, "INNER", LED);
        MetadataResponse outer = ask(12, "OUTER", LED);

        assertThat(inner.brokers())
                .containsExactly(
                        new MetadataResponseBroker(1, "inner-1", 9092, "a"),
                        new MetadataResponseBroker(2, "inner-2", 9092, null));
        assertThat(inner.controllerId()).isEqualTo(2);
        assertThat(outer.brokers()).containsExactly(new MetadataResponseBroker(1, "outer-1", 9092, "a"));
    }

    @Test
    void aPartitionIsShownWithItsLeaderEpochReplicasAndThoseThatAreOffline() {
        MetadataResponsePartition partition = only(ask(12, "INNER", LED));

        assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(partition.leaderId()).isEqualTo(2);
        assertThat(partition.leaderEpoch()).isEqualTo(7);
        assertThat(partition.replicaNodes()).containsExactly(2, 1, 3);
        assertThat(partition.isrNodes()).containsExactly(2, 1);
        assertThat(partition.offlineReplicas()).containsExactly(3);
    }

    @Test
    void aReplicaOnAFailedDiskIsOfflineThoughItsBrokerLives() {
        PartitionInfo failed = new PartitionInfo(2, 7, List.of(2, 1), List.of(2), List.of(1));

        assertThat(only(ask(12, "INNER", failed)).offlineReplicas()).containsExactly(1);
    }

    @Test
    void withoutALeaderThatLivesThereIsNone() {
        PartitionInfo dead = new PartitionInfo(3, 7, List.of(3), List.of(3));
        PartitionInfo none = new PartitionInfo(-1, 8, List.of(3), List.of(3));

        for (PartitionInfo info : List.of(dead, none)) {
            MetadataResponsePartition partition = only(ask(12, "INNER", info));
            assertThat(partition.errorCode()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
            assertThat(partition.leaderId()).isEqualTo(-1);
        }
    }

    @Test
    void aLeaderThatIsNotOnTheListenerCannotBeReachedByIt() {
        assertThat(only(ask(6, "OUTER", LED)).errorCode()).isEqualTo(ErrorCode.LISTENER_NOT_FOUND);
        assertThat(only(ask(5, "OUTER", LED)).errorCode()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
        assertThat(only(ask(12, "OUTER", LED)).offlineReplicas()).containsExactly(2, 3);
    }

    @Test
    void theOldestVersionShowsReachableReplicasOnlyAndSaysSo() {
        MetadataResponsePartition partition = only(ask(0, "INNER", LED));

        assertThat(partition.errorCode()).isEqualTo(ErrorCode.REPLICA_NOT_AVAILABLE);
        assertThat(partition.leaderId()).isEqualTo(2);
        assertThat(partition.replicaNodes()).containsExactly(2, 1);
        assertThat(only(ask(1, "INNER", LED)).errorCode()).isEqualTo(ErrorCode.NONE);
    }
}
