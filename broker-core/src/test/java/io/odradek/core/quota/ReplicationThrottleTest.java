package io.odradek.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicationThrottleTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final Map<TopicPartition, LogConfig> settings = new TreeMap<>();
    private final ReplicationThrottle throttle = new ReplicationThrottle(
            LogSetting.LEADER_THROTTLED_REPLICAS,
            2,
            settings::get,
            world.clock(),
            new ReplicationThrottle.Windows(11, 1_000));

    private void throttled(TopicPartition id, String replicas) {
        settings.put(id, LogConfig.of(Map.of(), Map.of("leader.replication.throttled.replicas", replicas)));
    }

    @Test
    void onlyThoseThatAreNamedAreHeldBackAndOnlyWhileTooMuchHasPassed() {
        throttled(T0, "0:1,0:2");
        throttled(T1, "1:1,0:2");
        throttle.bound(100);
        throttle.passed(T1, 1_000);
        assertThat(throttle.holdsBack(T0)).as("nothing that counts has passed").isFalse();
        throttle.passed(T0, 100);
        assertThat(throttle.holdsBack(T0)).as("as much as may pass").isFalse();
        throttle.passed(T0, 400);
        assertThat(throttle.holdsBack(T0)).isTrue();
        assertThat(throttle.holdsBack(T1)).as("of broker 1 only").isFalse();
        assertThat(throttle.holdsBack(new TopicPartition("none", 0))).isFalse();
        world.advanceMs(4_999);
        assertThat(throttle.holdsBack(T0)).isTrue();
        world.advanceMs(1);
        assertThat(throttle.holdsBack(T0)).isFalse();
    }

    @Test
    void aBoundMayComeChangeAndGo() {
        throttled(T0, "*");
        throttle.passed(T0, 1_000);
        assertThat(throttle.holdsBack(T0)).isFalse();
        throttle.bound(100);
        throttle.passed(T0, 1_000);
        assertThat(throttle.bytesPerSecond()).isEqualTo(1_000);
        assertThat(throttle.holdsBack(T0)).isTrue();
        throttle.bound(2_000);
        assertThat(throttle.holdsBack(T0)).isFalse();
        throttle.bound(0);
        assertThat(throttle.holdsBack(T0)).isTrue();
        throttle.bound(ReplicationThrottle.UNBOUNDED);
        assertThat(throttle.holdsBack(T0)).isFalse();
        throttle.bound(100);
        throttled(T0, "");
        assertThat(throttle.holdsBack(T0)).isFalse();
    }
}
