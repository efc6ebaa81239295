package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An image costs as much as there are topics. */
class FewImagesTest {
    @Test
    void aRequestForManyTopicsMakesFewImages() throws IOException {
        SimulatedCluster cluster = new SimulatedCluster();
        SimulatedCluster.Broker broker = cluster.start(1);
        List<NewTopic> wanted = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            wanted.add(new NewTopic("t" + i, 1, (short) 1, new TreeMap<>(), Map.of()));
        }
        Set<MetadataImage> seen = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        var creation = broker.controller.createTopics(wanted, false).toCompletableFuture();
        cluster.world.runUntil(
                () -> {
                    seen.add(broker.image());
                    return creation.isDone();
                },
                1_000);
        assertThat(broker.image().topics()).hasSize(100);
        assertThat(seen).hasSizeLessThan(60);
        cluster.close();
        cluster.files.close();
    }
}
