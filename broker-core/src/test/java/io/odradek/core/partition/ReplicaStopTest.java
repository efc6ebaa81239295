package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.LocalReplicas.ReplicaStop;
import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.core.partition.ReplicaRole.Leading;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.manager.LogFolders;
import io.odradek.storage.manager.LogManager;
import io.odradek.storage.manager.LogManagerSettings;
import io.odradek.storage.manager.StorageEnvironment;
import io.odradek.storage.manager.StorageLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How replicas stop, with and without their logs, on the word of a controller that may be late. */
class ReplicaStopTest {
    private static final int BROKER = 1;
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final int EPOCH = 5;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final FaultingFileSystem disk = new FaultingFileSystem(1);
    private final SimulatedLoop owner = world.newLoop("owner");
    private final PartitionOwners owners = new PartitionOwners(List.of(new SimulatedOwnerLoop(owner)));
    private LogManager logs;
    private ReplicaManager replicas;

    @BeforeEach
    void lead() throws IOException {
        disk.createFolders(Path.of("/data"));
        StorageLoops loops = new StorageLoops(world.newLoop("log-io"), List.of(), List.of(), List.of(), id -> owner);
        logs = LogManager.open(
                LogFolders.open(disk, List.of(Path.of("/data"))),
                new StorageEnvironment(world.clock(), world.newRandoms("logs"), loops, (folder, cause) -> {}),
                LogManagerSettings.DEFAULT,
                topic -> LogConfig.of(Map.of(), Map.of()));
        HighWatermarks highWatermarks = new HighWatermarks() {
            @Override
            public long saved(TopicPartition id) {
                return 0;
            }

            @Override
            public void save(SortedMap<TopicPartition, Long> saved) {
                // There is no restart.
            }
        };
        ReplicaServices services = new ReplicaServices(
                world.newLoop("blocking")::post,
                world.clock(),
                highWatermarks,
                RecordLimits.DEFAULTS,
                (folder, cause) -> {});
        replicas = new ReplicaManager(BROKER, owners, logs, Map::of, services);
        PartitionState state =
                new PartitionState(ID, new Uuid(1, 2), BROKER, EPOCH, List.of(BROKER), 0, List.of(BROKER), true);
        assertThat(value(replicas.apply(List.of(state), Map.of()))).isEmpty();
        assertThat(replicas.hasLog(ID)).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        logs.close();
        disk.close();
    }

    private <T> T value(CompletionStage<T> stage) {
        List<T> values = new ArrayList<>();
        stage.thenAccept(values::add);
        world.runUntilIdle();
        assertThat(values).hasSize(1);
        return values.get(0);
    }

    private List<TopicPartition> stop(int leaderEpoch, boolean delete) {
        return value(replicas.stop(List.of(new ReplicaStop(ID, leaderEpoch, delete))));
    }

    private ReplicaRole role() {
        return owners.ownerOf(ID).partition(ID).role();
    }

    @ParameterizedTest
    @ValueSource(ints = {EPOCH, EPOCH + 1, -1, -2})
    void aReplicaStopsInItsEpochOrALaterOrWhereNoneIsSaid(int leaderEpoch) {
        assertThat(stop(leaderEpoch, false)).isEmpty();

        assertThat(role()).isEqualTo(new Following(Math.max(leaderEpoch, EPOCH), Following.NOBODY));
        assertThat(replicas.hasLog(ID)).isTrue();
    }

    @Test
    void aReplicaIsNotTakenForThatOfAnotherTopicOfItsName() {
        PartitionState other =
                new PartitionState(ID, new Uuid(1, 3), BROKER, EPOCH + 1, List.of(BROKER), 0, List.of(BROKER), false);
        assertThat(value(replicas.apply(List.of(other), Map.of()))).containsExactly(ID);
        assertThat(owners.ownerOf(ID).partition(ID).role().leaderEpoch()).isEqualTo(EPOCH);
    }

    @Test
    void whatIsSaidOfAnEarlierEpochStopsNothing() {
        assertThat(stop(EPOCH - 1, false)).containsExactly(ID);
        assertThat(stop(EPOCH - 1, true)).containsExactly(ID);

        assertThat(role()).isInstanceOf(Leading.class);
        assertThat(replicas.hasLog(ID)).isTrue();
    }

    @Test
    void aReplicaIsDeletedWithItsLog() {
        assertThat(stop(-2, true)).isEmpty();

        assertThat(owners.ownerOf(ID).partition(ID)).isNull();
        assertThat(replicas.hasLog(ID)).isFalse();
    }

    @Test
    void aReplicaThatIsNotThereIsStoppedAndDeleted() {
        TopicPartition nowhere = new TopicPartition("nowhere", 7);

        assertThat(value(
                        replicas.stop(List.of(new ReplicaStop(nowhere, 3, false), new ReplicaStop(nowhere, -2, true)))))
                .isEmpty();
    }

    @Test
    void aTopicMadeAgainBeginsWithAnEmptyLogOfItsOwn() {
        stop(-2, true);
        PartitionState again =
                new PartitionState(ID, new Uuid(3, 4), BROKER, 0, List.of(BROKER), 0, List.of(BROKER), true);

        assertThat(value(replicas.apply(List.of(again), Map.of()))).isEmpty();

        assertThat(owners.ownerOf(ID).partition(ID).topicId()).isEqualTo(new Uuid(3, 4));
        assertThat(role()).isInstanceOf(Leading.class);
    }
}
