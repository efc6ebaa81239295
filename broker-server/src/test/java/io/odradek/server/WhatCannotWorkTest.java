package io.odradek.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatCannotWorkTest {
    private static final Map<String, String> ALONE = Map.of(
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1");

    private static List<String> lines(Map<String, String> further, String... there) {
        Set<String> topics = Set.of(there);
        Map<String, String> settings = new HashMap<>(ALONE);
        settings.putAll(further);
        return WhatCannotWork.of(BrokerConfig.of(settings), 1 << 30, 1 << 30, 1 << 28, topics);
    }

    @Test
    void ofSettingsThatCanBeServedNothingIsSaid() {
        assertThat(lines(Map.of())).isEmpty();
        assertThat(lines(Map.of("zookeeper.connect", "localhost:2181", "default.replication.factor", "3")))
                .isEmpty();
    }

    @Test
    void defaultsThatAreMadeForClustersAreNone() {
        assertThat(WhatCannotWork.of(BrokerConfig.of(Map.of()), 1 << 30, 1 << 30, 1 << 28, Set.of()))
                .isEmpty();
    }

    @Test
    void aTopicThatIsThereNeedsNotBeCreated() {
        assertThat(lines(Map.of("offsets.topic.replication.factor", "3"), "__consumer_offsets"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "default.replication.factor|3|a broker without zookeeper.connect is alone",
                "offsets.topic.replication.factor|3|the topic of consumer groups cannot be created",
                "transaction.state.log.replication.factor|3|the topic of transactions cannot be created",
                "socket.request.max.bytes|1000000000|there is memory for requests of 268435456 bytes",
                "message.max.bytes|200000000|no request may be longer than 104857600 bytes",
                "log.segment.bytes|1000000|more than log.segment.bytes",
                "odradek.memory.groups.bytes|2000000000|the heap is 1073741824",
                "odradek.memory.frames.bytes|2000000000|the direct memory is 1073741824",
            })
    void eachOtherIsNamedOnceWithItsValue(String setting, String value, String line) {
        assertThat(lines(Map.of(setting, value))).singleElement().asString().contains(setting, line);
    }
}
