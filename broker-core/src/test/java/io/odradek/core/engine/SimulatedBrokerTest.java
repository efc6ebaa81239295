package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.request.SupportedApis;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.OffsetCommitResponse;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.log.LogConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A broker's life, from the first start to the next, without a thread or a socket. */
class SimulatedBrokerTest {
    private final long seed = SimulatedWorld.seedFromSystem();
    private final SimulatedBed bed = new SimulatedBed(seed, Map.of());

    @Test
    void whatWasAcknowledgedIsThereAfterAStopAndAfterAKill() {
        bed.start();
        create("events");
        Map<Long, String> written = Map.of(0L, "a", 1L, "b");
        produce("events", List.of("a", "b"));
        commit("readers", "events", 2);
        bed.stop();
        bed.disk.close();

        bed.start();
        assertThat(bed.readAll("events", 0)).isEqualTo(written);
        assertThat(bed.committed("readers")).containsValue(2L);
        bed.broker.kill();

        bed.start();
        assertThat(bed.readAll("events", 0)).isEqualTo(written);
        assertThat(bed.committed("readers")).containsValue(2L);
        bed.stop();
        bed.disk.close();
    }

    @Test
    void aTopicKeepsItsSettingsOverARestart() {
        bed.start();
        create("kept", Map.of("retention.ms", "-1", "cleanup.policy", "compact"));
        bed.stop();

        bed.start();
        LogConfig config =
                bed.broker.partition(new TopicPartition("kept", 0)).log().config();
        assertThat(config.retentionMs()).isEqualTo(-1);
        assertThat(config.compact()).isTrue();
        bed.stop();
        bed.disk.close();
    }

    @Test
    void aStopLeavesNothingToBeDone() {
        bed.start();
        create("events");
        bed.stop();
        bed.world.advanceMs(3_600_000);
        assertThat(bed.world.isEmpty()).isTrue();
    }

    @Test
    void everyApiThatIsAdvertisedHasAHandler() {
        bed.start();
        for (SupportedApis.Range range : SupportedApis.CLIENT.ranges()) {
            assertThat(bed.broker.serves(range.api())).as(range.api().name()).isTrue();
        }
        bed.stop();
        bed.disk.close();
    }

    private void create(String topic) {
        create(topic, Map.of());
    }

    private void create(String topic, Map<String, String> settings) {
        CreateTopicsResponse created = bed.ask(
                ApiKey.CREATE_TOPICS,
                Requests.CREATE_TOPICS_VERSION,
                Requests.createTopic(topic, 1, settings),
                CreateTopicsResponse.class);
        assertThat(created.topics().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    private void produce(String topic, List<String> values) {
        ProduceResponse produced = bed.ask(
                ApiKey.PRODUCE,
                Requests.PRODUCE_VERSION,
                Requests.produce(
                        topic,
                        0,
                        -1,
                        Requests.batch(bed.world.clock().wallMs(), values).build()),
                ProduceResponse.class);
        assertThat(produced.responses().get(0).partitionResponses().get(0).errorCode())
                .isEqualTo(ErrorCode.NONE);
    }

    private void commit(String group, String topic, long offset) {
        FindCoordinatorResponse found = null;
        while (found == null || found.errorCode() == ErrorCode.COORDINATOR_NOT_AVAILABLE) {
            found = bed.ask(
                    ApiKey.FIND_COORDINATOR,
                    Requests.FIND_COORDINATOR_VERSION,
                    new FindCoordinatorRequest(group, (byte) 0, List.of()),
                    FindCoordinatorResponse.class);
            bed.world.advanceMs(100);
        }
        OffsetCommitResponse committed = bed.ask(
                ApiKey.OFFSET_COMMIT,
                Requests.OFFSET_COMMIT_VERSION,
                Requests.commit(group, -1, "", topic, 0, offset),
                OffsetCommitResponse.class);
        assertThat(committed.topics().get(0).partitions().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
    }
}
