package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java client with three replicas. The build runs this class once for each of the released versions 2.5.0, 3.9.2 and
 * 4.4.0, so it uses only what all of them have.
 */
@DisabledOnOs(OS.WINDOWS)
class KafkaClientsClusterTest {
    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(300)
    void producersAndConsumersLiveThroughTheDeathAndReturnOfABroker() throws Exception {
        Software software = Software.named(folder, "classes");
        try (ProcessCluster cluster = ProcessCluster.start(folder, software, ClusterShape.ofThree(1));
                Load load = Load.start(cluster, 300)) {
            Fault.LEADER_KILLED.strike(cluster, load, load.partitions().get(0));
            cluster.awaitAllInSync();
            load.awaitProgress();
            load.finish();
            assertThat(load.judge()).isEmpty();
        }
    }
}
