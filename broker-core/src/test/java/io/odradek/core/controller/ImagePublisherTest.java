package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ImagePublisherTest {
    @Test
    void whatChangesTogetherIsShownTogether() {
        SimulatedWorld world = new SimulatedWorld(1);
        SimulatedLoop loop = world.newLoop("controller");
        List<String> events = new ArrayList<>();
        ImagePublisher images = new ImagePublisher(loop, () -> events.add("image"));
        loop.post(() -> {
            images.publish().thenRun(() -> events.add("first"));
            images.publish().thenRun(() -> {
                events.add("second");
                images.publish().thenRun(() -> events.add("third"));
            });
        });
        world.runUntilIdle();
        assertThat(events).startsWith("image").endsWith("image", "third").hasSize(5);
    }

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
