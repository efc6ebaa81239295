package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableReplicaAssignment;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader all of whose room is taken by produces with acks=all that wait for a follower: more connections and requests than
 * it may have in work, on one owner. The follower is the test.
 */
@Timeout(120)
class WaitingProducersTest {
    private static final int LEADER = 1;
    private static final int FOLLOWER = 2;
    private static final String TOPIC = "waiting";
    private static final int PRODUCERS = 20;
    private static final int EACH = 100;
    private static final Duration PROMPTLY = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void theFollowerFetchesPromptlyAndAllAreAnsweredWhenItHasTheRecords() throws Exception {
        Map<String, String> settings = Map.of(
                "broker.id",
                Integer.toString(LEADER),
                "listeners",
                "PLAINTEXT://127.0.0.1:0",
                "log.dirs",
                folder.toString(),
                "queued.max.requests",
                "2",
                "num.io.threads",
                "1",
                "odradek.connection.max.requests",
                Integer.toString(EACH),
                "odradek.memory.frames.bytes",
                "500000",
                "replica.lag.time.max.ms",
                "600000");
        List<RawClient> producers = new ArrayList<>();
        try (ClusterOfOne cluster = ClusterOfOne.start(settings, FOLLOWER);
                RawClient follower = new RawClient(cluster.address())) {
            createTopic(follower);
            for (int i = 0; i < PRODUCERS; i++) {
                RawClient producer = new RawClient(cluster.address());
                producers.add(producer);
                for (int request = 0; request < EACH; request++) {
                    producer.send(produce(), (short) 9, request);
                }
            }
            follower.socket.setSoTimeout((int) PROMPTLY.toMillis());
            await().atMost(Duration.ofSeconds(60)).until(() -> records(fetch(follower, 0)) == PRODUCERS * EACH);
            assertThat(fetch(follower, 0).highWatermark()).isZero();

            assertThat(fetch(follower, PRODUCERS * EACH).errorCode()).isEqualTo(ErrorCode.NONE);

            for (RawClient producer : producers) {
                for (int request = 0; request < EACH; request++) {
                    ProduceResponse response = producer.answer(ApiKey.PRODUCE, 9, request, ProduceResponse.class);
                    assertThat(response.responses()
                                    .get(0)
                                    .partitionResponses()
                                    .get(0)
                                    .errorCode())
                            .isEqualTo(ErrorCode.NONE);
                }
            }
        } finally {
            for (RawClient producer : producers) {
                producer.close();
            }
        }
    }

    /** Until the controller knows the follower, and the leader that it leads. */
    private static void createTopic(RawClient client) {
        CreateTopicsRequest create = new CreateTopicsRequest(
                List.of(new CreatableTopic(
                        TOPIC,
                        -1,
                        (short) -1,
                        List.of(new CreatableReplicaAssignment(0, List.of(LEADER, FOLLOWER))),
                        List.of(new CreatableTopicConfig("min.insync.replicas", "2")))),
                10_000,
                false);
        MetadataRequest describe =
                new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, TOPIC)), false, false, false);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            client.ask(create, 4, CreateTopicsResponse.class);
            MetadataResponseTopic topic =
                    client.ask(describe, 8, MetadataResponse.class).topics().get(0);
            return topic.errorCode() == ErrorCode.NONE
                    && topic.partitions().get(0).leaderId() == LEADER
                    && topic.partitions().get(0).isrNodes().size() == 2;
        });
    }

    private static ProduceRequest produce() {
        BytesPayload records = new BytesPayload(new BatchBuilder(1_000)
                .append(1L, null, ByteBuffer.allocate(100))
                .build());
        return new ProduceRequest(
                null,
                (short) -1,
                100_000,
                List.of(new TopicProduceData(TOPIC, List.of(new PartitionProduceData(0, records)))));
    }

    private static PartitionData fetch(RawClient follower, long offset) throws IOException {
        FetchPartition partition = new FetchPartition(0, -1, offset, -1, 0L, 1 << 24, Uuid.ZERO);
        FetchRequest request = new FetchRequest(
                null,
                FOLLOWER,
                null,
                0,
                1,
                1 << 24,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic(TOPIC, Uuid.ZERO, List.of(partition))),
                List.of(),
                "");
        return follower.ask(request, 11, FetchResponse.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }

    private static int records(PartitionData data) {
        MemoryRecords batches = MemoryRecords.tolerant(((BytesPayload) data.records()).buffer());
        int count = 0;
        while (batches.next()) {
            count++;
        }
        return count;
    }
}
