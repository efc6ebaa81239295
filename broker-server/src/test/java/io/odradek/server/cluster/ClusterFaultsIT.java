package io.odradek.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers and ZooKeeper in processes of their own, idempotent producers that wait for all replicas, and readers at the
 * end of the logs; and then all that befalls processes. Nothing that was acknowledged or seen is lost, changed, there twice or
 * in another order, and in the end all replicas have the same bytes.
 */
@DisabledOnOs(OS.WINDOWS)
class ClusterFaultsIT {
    private static final int RECORDS_PER_SECOND = 300;

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(600)
    void nothingAcknowledgedIsLostWhateverBefallsTheProcesses() throws Exception {
        run((cluster, load) -> {
            List<TopicPartition> partitions = load.partitions();
            for (Fault fault : Fault.IN_EVERY_BUILD) {
                strike(fault, cluster, load, partitions.get(fault.ordinal() % partitions.size()));
            }
        });
    }

    /**
     * The long form: {@code -Dcluster.minutes=N}. {@code -Dseed} gives the faults, their order and their partitions once more;
     * {@code -Dcluster.faults=A,B} names the order, and it begins again when it is over.
     */
    @Test
    @EnabledIfSystemProperty(named = "cluster.minutes", matches = "\\d+")
    void norInALongTime() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ClusterFaultsIT seed " + seed);
        Random random = new Random(seed);
        long end = System.nanoTime() + Long.getLong("cluster.minutes") * 60_000_000_000L;
        run((cluster, load) -> {
            List<TopicPartition> partitions = load.partitions();
            List<Fault> next = new ArrayList<>();
            while (System.nanoTime() < end) {
                if (next.isEmpty()) {
                    next.addAll(order(random));
                }
                Fault fault = next.remove(0);
                strike(fault, cluster, load, partitions.get(random.nextInt(partitions.size())));
            }
        });
    }

    private static List<Fault> order(Random random) {
        String named = System.getProperty("cluster.faults");
        if (named != null) {
            return Stream.of(named.split(",")).map(Fault::valueOf).toList();
        }
        List<Fault> all = new ArrayList<>(List.of(Fault.values()));
        Collections.shuffle(all, random);
        return all;
    }

    private interface Trial {
        void undergo(ProcessCluster cluster, Load load) throws Exception;
    }

    private void run(Trial trial) throws Exception {
        Software software = Software.named(folder, "scripts");
        try (ProcessCluster cluster = ProcessCluster.start(folder, software, ClusterShape.ofThree(1));
                Load load = Load.start(cluster, RECORDS_PER_SECOND)) {
            trial.undergo(cluster, load);
            load.finish();
            cluster.awaitAllInSync();
            assertThat(load.judge()).isEmpty();
            System.out.println(load.ledger().count() + " records acknowledged");
            for (int id : cluster.ids()) {
                cluster.stop(id);
            }
            assertThat(ReplicaBytes.differences(
                            cluster.ids().stream().map(cluster::data).toList()))
                    .isEmpty();
        }
    }

    private static void strike(Fault fault, ProcessCluster cluster, Load load, TopicPartition partition)
            throws Exception {
        long began = System.nanoTime();
        fault.strike(cluster, load, partition);
        cluster.awaitAllInSync();
        load.awaitProgress();
        assertThat(load.ledger().problems())
                .as("after " + fault + " at " + partition)
                .isEmpty();
        System.out.println(fault + " at " + partition + ": over after " + (System.nanoTime() - began) / 1_000_000
                + " ms, " + load.ledger().count() + " records acknowledged so far");
    }
}
