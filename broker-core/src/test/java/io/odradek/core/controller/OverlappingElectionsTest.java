package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leaders are elected for one partition by two that do not know of each other. */
class OverlappingElectionsTest {
    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;

    @BeforeEach
    void open() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    @Test
    void theControllerStaysInOfficeWhenABrokerComesWhileATopicThatCannotBeServedIsCreated() {
        for (int round = 0; round < 10; round++) {
            String topic = "t" + round;
            broker.replicas.broken.add(new TopicPartition(topic, 0));
            broker.replicas.delayMs = 50;
            NewTopic wanted = new NewTopic(topic, -1, (short) -1, new TreeMap<>(Map.of(0, List.of(1))), Map.of());
            var creation = broker.controller.createTopics(List.of(wanted), false);
            cluster.start(2 + round);
            cluster.world.advanceMs(5_000);
            assertThat(cluster.text("/controller_epoch")).as(topic).isEqualTo("1");
            assertThat(cluster.value(creation).get(0).error()).as(topic).isEqualTo(ErrorCode.NONE);
            assertThat(broker.image().topics().get(topic).partitions().get(0).leader())
                    .as(topic)
                    .isEqualTo(-1);
        }
    }
}
