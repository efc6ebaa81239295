package io.odradek.core.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.controller.RecordingReplicas;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.TopicConfigNode;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.LocalReplicas.ReplicaStop;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedLoop;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a broker makes of the words of its controllers. */
class ControllerOrdersTest {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);
    private static final TopicPartition OTHERS = new TopicPartition("others", 0);
    private static final Authority CONTROLLER = new Authority(2, 5, 40);

    private final MetadataCache metadata = new MetadataCache();
    private final List<TopicPartition> gone = new ArrayList<>();
    private SimulatedCluster cluster;
    private RecordingReplicas replicas;
    private CoordinationStore tree;
    private SimulatedLoop loop;
    private boolean lost;
    private ControllerOrders orders;

    @BeforeEach
    void prepare() throws IOException {
        cluster = new SimulatedCluster();
        cluster.start(9);
        loop = cluster.world.newLoop("cluster");
        replicas = new RecordingReplicas(cluster.world.newLoop("owner"));
        tree = cluster.observer();
        TopicConfigReader configs = new TopicConfigReader(unsteady(tree), Map::of);
        orders = new ControllerOrders(loop, "cluster", replicas, metadata, configs, () -> {});
        orders.termBegan(null, 40);
        metadata.onDeletion(gone::addAll);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void configure(TopicPartition id, String retentionMs) {
        byte[] config = new TopicConfigNode(new TreeMap<>(Map.of("retention.ms", retentionMs))).encode();
        cluster.value(tree.create(ClusterPaths.topicConfig(id.topic()), config, CreateMode.PERSISTENT));
    }

    private ErrorCode refusal(CompletionStage<?> stage) {
        return ((ApiException) cluster.failure(stage)).error();
    }

    @Test
    void aNewLogIsOpenedWithTheSettingsThatTheTreeHasOfItsTopic() {
        configure(EVENTS, "7");

        var unserved =
                orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0), Samples.state(OTHERS, 1, 0)));

        assertThat(cluster.value(unserved)).isEmpty();
        assertThat(replicas.served).containsOnlyKeys(EVENTS, OTHERS);
        assertThat(replicas.configs)
                .containsEntry("events", Map.of("retention.ms", "7"))
                .containsEntry("others", Map.of());
    }

    @Test
    void aLogIsNotOpenedWithTheSettingsOfATreeThatLagsBehindItsController() {
        configure(EVENTS, "7");
        orders = new ControllerOrders(
                loop, "cluster", replicas, metadata, new TopicConfigReader(lagging(tree), Map::of), () -> {});
        orders.termBegan(null, 40);

        cluster.value(orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0))));

        assertThat(replicas.configs).containsEntry("events", Map.of("retention.ms", "7"));
    }

    /** {@return the tree as it was before anything was stored in it, until it is told to catch up} */
    private static CoordinationStore lagging(CoordinationStore tree) {
        boolean[] caughtUp = new boolean[1];
        return (CoordinationStore) Proxy.newProxyInstance(
                CoordinationStore.class.getClassLoader(),
                new Class<?>[] {CoordinationStore.class},
                (proxy, method, arguments) -> {
                    caughtUp[0] |= method.getName().equals("upToDate");
                    return caughtUp[0]
                            ? method.invoke(tree, arguments)
                            : CompletableFuture.failedStage(
                                    new CoordinationException(Reason.NO_NODE, method.getName()));
                });
    }

    @Test
    void theTreeIsNotAskedForSettingsOfOpenLogs() {
        replicas.open.add(EVENTS);
        configure(EVENTS, "7");

        cluster.value(orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0))));

        assertThat(replicas.served).containsOnlyKeys(EVENTS);
        assertThat(replicas.configs).isEmpty();
    }

    @Test
    void whatWasMeantForAProcessThatIsNoMoreIsNotDoneByTheNextOneBeforeItIsRegistered() {
        TopicConfigReader configs = new TopicConfigReader(tree, Map::of);
        orders = new ControllerOrders(loop, "cluster", replicas, metadata, configs, () -> {});
        var early = orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0)));
        cluster.world.advanceMs(1_000);
        assertThat(replicas.served).isEmpty();

        orders.termBegan(null, 41);

        assertThat(refusal(early)).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
        assertThat(replicas.served).isEmpty();
    }

    @Test
    void whatCannotBeServedIsAnswered() {
        replicas.broken.add(OTHERS);

        var unserved =
                orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0), Samples.state(OTHERS, 1, 0)));

        assertThat(cluster.value(unserved)).containsExactly(OTHERS);
    }

    @Test
    void ordersAreBegunInTheirOrderThoughTheFirstOneReadsTheTree() {
        var led = orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0)));
        var stopped = orders.stopReplicas(CONTROLLER, List.of(new ReplicaStop(EVENTS, -2, true)));

        assertThat(cluster.value(led)).isEmpty();
        assertThat(cluster.value(stopped)).isEmpty();
        assertThat(replicas.served).isEmpty();
        assertThat(replicas.deleted).containsExactly(EVENTS);
    }

    @Test
    void anOrderThatAnAnswerBringsIsBegunBeforeThoseThatComeLater() {
        orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(OTHERS, 1, 0)));
        orders.updateMetadata(CONTROLLER, update(1)).thenRun(() -> {
            orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0)));
            loop.post(() -> orders.stopReplicas(CONTROLLER, List.of(new ReplicaStop(EVENTS, -2, true))));
        });

        cluster.world.runUntilIdle();

        assertThat(replicas.deleted).containsExactly(EVENTS);
        assertThat(replicas.served).containsOnlyKeys(OTHERS);
    }

    /** {@return the same tree, to which the connection may be lost} */
    private CoordinationStore unsteady(CoordinationStore steady) {
        return (CoordinationStore) Proxy.newProxyInstance(
                CoordinationStore.class.getClassLoader(),
                new Class<?>[] {CoordinationStore.class},
                (proxy, method, arguments) -> lost
                        ? CompletableFuture.failedStage(
                                new CoordinationException(Reason.CONNECTION_LOSS, method.getName()))
                        : method.invoke(steady, arguments));
    }

    @Test
    void whileTheConnectionToTheTreeIsLostALogIsNotOpenedWithoutItsSettings() {
        configure(EVENTS, "7");
        lost = true;
        var led = orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0)));
        cluster.world.advanceMs(5_000);
        assertThat(replicas.served).isEmpty();

        lost = false;
        cluster.world.advanceMs(1_000);

        assertThat(cluster.value(led)).isEmpty();
        assertThat(replicas.configs).containsEntry("events", Map.of("retention.ms", "7"));
    }

    @Test
    void anOrderForALifeThatEndsWhileSettingsAreReadIsNotCarriedOut() {
        lost = true;
        var led = orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0)));
        cluster.world.advanceMs(1_000);

        orders.termEnded();
        lost = false;
        cluster.world.advanceMs(1_000);

        assertThat(refusal(led)).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
        assertThat(replicas.served).isEmpty();
    }

    @Test
    void aLogThatIsBeingOpenedWhileItsSettingsChangeHasTheNewOnes() {
        configure(EVENTS, "7");
        var led = orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0)));
        byte[] changed = new TopicConfigNode(new TreeMap<>(Map.of("retention.ms", "8"))).encode();
        tree.set(ClusterPaths.topicConfig("events"), changed, CoordinationStore.ANY_VERSION);
        var inEffect = orders.changed("events");

        cluster.value(led);
        cluster.value(inEffect);

        assertThat(replicas.configs).containsEntry("events", Map.of("retention.ms", "8"));
    }

    @Test
    void anEarlierControllerIsRefusedAfterALaterOneHasSpoken() {
        cluster.value(orders.leaderAndIsr(new Authority(3, 6, 40), List.of(Samples.state(EVENTS, 1, 0))));

        assertThat(refusal(orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(OTHERS, 1, 0)))))
                .isEqualTo(ErrorCode.STALE_CONTROLLER_EPOCH);
        assertThat(refusal(orders.stopReplicas(CONTROLLER, List.of(new ReplicaStop(EVENTS, -2, true)))))
                .isEqualTo(ErrorCode.STALE_CONTROLLER_EPOCH);
        assertThat(refusal(orders.updateMetadata(CONTROLLER, update(1)))).isEqualTo(ErrorCode.STALE_CONTROLLER_EPOCH);
        assertThat(replicas.served).containsOnlyKeys(EVENTS);
        assertThat(metadata.image().topics()).isEmpty();
    }

    /** A controller that has waited too long for an answer connects again; the topic of the order may be another one by then. */
    @Test
    void anOrderThatComesLateOverAConnectionThatItsControllerHasReplacedIsRefused() {
        cluster.value(orders.leaderAndIsr(new Authority(2, 5, 40, 7), List.of(Samples.state(EVENTS, 1, 0))));
        cluster.value(orders.stopReplicas(new Authority(2, 5, 40, 9), List.of(new ReplicaStop(EVENTS, -2, true))));
        cluster.value(orders.leaderAndIsr(new Authority(2, 5, 40, 9), List.of(Samples.state(EVENTS, 1, 0))));

        assertThat(refusal(orders.stopReplicas(new Authority(2, 5, 40, 8), List.of(new ReplicaStop(EVENTS, -2, true)))))
                .isEqualTo(ErrorCode.STALE_CONTROLLER_EPOCH);
        assertThat(replicas.served).containsOnlyKeys(EVENTS);

        cluster.value(orders.leaderAndIsr(new Authority(3, 6, 40, 8), List.of(Samples.state(OTHERS, 1, 0))));
        assertThat(replicas.served).containsOnlyKeys(EVENTS, OTHERS);
    }

    @Test
    void anOrderForAnEarlierLifeIsRefusedAndOneForALaterIsCarriedOut() {
        assertThat(refusal(orders.updateMetadata(new Authority(2, 5, 39), update(1))))
                .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);

        cluster.value(orders.updateMetadata(new Authority(2, 5, 41), update(1)));

        assertThat(metadata.image().topics()).containsOnlyKeys("events");
    }

    @Test
    void aRefusedOrderDoesNotMakeItsControllerTheLatest() {
        assertThat(refusal(orders.updateMetadata(new Authority(3, 9, 39), update(1))))
                .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);

        cluster.value(orders.updateMetadata(CONTROLLER, update(1)));
    }

    @Test
    void onceTheRegistrationHasEndedOnlyOrdersForTheNextOneCount() {
        orders.termEnded();

        assertThat(refusal(orders.leaderAndIsr(CONTROLLER, List.of(Samples.state(EVENTS, 1, 0)))))
                .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
        cluster.value(orders.leaderAndIsr(new Authority(2, 5, 55), List.of(Samples.state(EVENTS, 1, 0))));
        assertThat(replicas.served).containsOnlyKeys(EVENTS);
    }

    @Test
    void aLifeThatEndsBeforeThisBrokerLearnsOfItIsOverForThoseWhoSpokeToItToo() {
        orders.termEnded();
        Authority unknown = new Authority(2, 5, 55);
        cluster.value(orders.leaderAndIsr(unknown, List.of(Samples.state(EVENTS, 1, 0))));

        orders.termEnded();

        assertThat(refusal(orders.leaderAndIsr(unknown, List.of(Samples.state(OTHERS, 1, 0)))))
                .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
        assertThat(replicas.served).containsOnlyKeys(EVENTS);
        cluster.value(orders.leaderAndIsr(new Authority(2, 5, 56), List.of(Samples.state(OTHERS, 1, 0))));
    }

    @Test
    void aControllerThatKnowsNoBrokerEpochsIsObeyed() {
        cluster.value(orders.updateMetadata(new Authority(2, 5, Authority.ANY_LIFE), update(1)));

        assertThat(metadata.image().controllerId()).isEqualTo(2);
    }

    @Test
    void deletedPartitionsAreGoneFromTheImageBeforeOthersAreTold() {
        cluster.value(orders.updateMetadata(CONTROLLER, update(1)));
        metadata.onDeletion(deleted -> {
            assertThat(metadata.image().topics()).isEmpty();
            gone.addAll(deleted);
        });

        cluster.value(orders.updateMetadata(
                CONTROLLER, new MetadataUpdate(Samples.brokers(1, 2), List.of(), List.of(EVENTS))));

        assertThat(gone).containsExactly(EVENTS);
    }

    private static MetadataUpdate update(int leader) {
        PartitionInfo partition = new PartitionInfo(leader, 0, List.of(1, 2), List.of(1, 2));
        return new MetadataUpdate(
                Samples.brokers(1, 2),
                List.of(new TopicUpdate("events", Samples.TOPIC_ID, new TreeMap<>(Map.of(0, partition)))),
                List.of());
    }
}
