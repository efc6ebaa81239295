package io.odradek.server.exactlyonce;

import io.odradek.server.embedded.EmbeddedCluster;
import java.util.Random;

/** A cluster of three in this JVM with three replicas, two of which must have what is acknowledged. */
final class ThreeBrokers implements Servers {
    private static final int BROKERS = 3;

    private final EmbeddedCluster cluster = EmbeddedCluster.builder(BROKERS)
            .setting("min.insync.replicas", "2")
            .setting("default.replication.factor", "3")
            .setting("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500")
            .setting("group.min.session.timeout.ms", "500")
            .start();

    @Override
    public String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    @Override
    public short replicas() {
        return BROKERS;
    }

    @Override
    public int kill(Random random) {
        int broker = 1 + random.nextInt(BROKERS);
        cluster.kill(broker);
        return broker;
    }

    @Override
    public void restart(int broker) {
        cluster.restart(broker);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
