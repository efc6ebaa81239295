package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One of three ZooKeeper servers is killed under load. Clients do not notice, and nothing is led by anybody else. */
@DisabledOnOs(OS.WINDOWS)
class ZooKeeperEnsembleIT {
    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(300)
    void aZooKeeperServerThatIsKilledIsNoticedByNobody() throws Exception {
        // An election of ZooKeeper's takes its time on a busy machine; sessions are to outlive it.
        ClusterShape shape = ClusterShape.ofThree(3)
                .with("zookeeper.session.timeout.ms", "10000")
                .with("auto.leader.rebalance.enable", "false");
        try (ProcessCluster cluster = ProcessCluster.start(folder, Software.named(folder, "scripts"), shape);
                Load load = Load.start(cluster, 300)) {
            cluster.awaitAllInSync();
            var partitions = cluster.tree().partitions();
            int controllerEpoch = cluster.tree().controllerEpoch();
            double retries = load.retries();

            for (int number : new int[] {
                cluster.zooKeepers().follower(), cluster.zooKeepers().leader()
            }) {
                cluster.zooKeepers().kill(number);
                load.awaitProgress();
                cluster.awaitAllInSync();
                load.awaitProgress();
                cluster.zooKeepers().start(number);
                cluster.awaitAllInSync();
            }

            assertThat(cluster.tree().partitions()).isEqualTo(partitions);
            assertThat(cluster.tree().controllerEpoch()).isEqualTo(controllerEpoch);
            assertThat(load.retries()).isEqualTo(retries);
            load.finish();
            assertThat(load.judge()).isEmpty();
        }
    }
}
