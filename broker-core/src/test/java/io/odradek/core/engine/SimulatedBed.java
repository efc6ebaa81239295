package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.OffsetFetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/** One simulated broker with two log folders, and a client that waits for its answers. */
final class SimulatedBed {
    static final List<Path> FOLDERS = List.of(Path.of("/disk-a/logs"), Path.of("/disk-b/logs"));
    private static final long LONGEST_MS = 120_000;

    final SimulatedWorld world;
    final FaultingFileSystem disk;
    final SimulatedBroker broker;
    private final SimulatedLoop client;

    /** @param settings the broker's settings that are not the usual ones */
    SimulatedBed(long seed, Map<String, String> settings) {
        world = new SimulatedWorld(seed);
        disk = new FaultingFileSystem(seed);
        disk.useClock(world.clock());
        Map<String, String> all = new TreeMap<>(Map.of(
                "log.dirs", FOLDERS.get(0) + "," + FOLDERS.get(1),
                "broker.id", "1",
                "listeners", "PLAINTEXT://127.0.0.1:9092",
                "auto.create.topics.enable", "false",
                "offsets.topic.num.partitions", "2",
                "offsets.topic.replication.factor", "1",
                "group.initial.rebalance.delay.ms", "100",
                "log.cleaner.dedupe.buffer.size", "1048576",
                "log.cleaner.io.buffer.size", "32768"));
        all.putAll(settings);
        broker = new SimulatedBroker("broker-1", world, disk, all, InProcessHome.journalled(JournalSettings.DURABLE));
        client = world.newLoop("client");
    }

    /** Starts the broker, which must come to serve. */
    void start() {
        broker.start();
        world.runUntil(() -> broker.isServing() || broker.isDown(), LONGEST_MS);
        assertThat(broker.refusal()).isNull();
        assertThat(broker.isServing()).isTrue();
    }

    /** Stops the broker and waits for its end. */
    void stop() {
        broker.stop();
        world.runUntil(broker::isDown, LONGEST_MS);
    }

    /** {@return the answer, which must come} */
    <T extends ApiResponse> T ask(ApiKey api, int version, ApiRequest request, Class<T> type) {
        AtomicReference<ApiResponse> answer = new AtomicReference<>();
        client.post(() -> broker.send(client, api, version, request, answer::set));
        world.runUntil(() -> answer.get() != null, LONGEST_MS);
        return type.cast(answer.get());
    }

    /** {@return all that a partition has for a consumer, by offset} */
    SortedMap<Long, String> readAll(String topic, int partition) {
        SortedMap<Long, String> all = new TreeMap<>();
        long offset = 0;
        while (true) {
            FetchRequest request = Requests.fetch(topic, partition, offset, 0);
            FetchResponse.PartitionData fetched = ask(
                            ApiKey.FETCH, Requests.FETCH_VERSION, request, FetchResponse.class)
                    .responses()
                    .get(0)
                    .partitions()
                    .get(0);
            assertThat(fetched.errorCode().code()).as(topic + "-" + partition).isZero();
            SortedMap<Long, String> values = Requests.values(fetched);
            all.putAll(values);
            if (values.isEmpty()) {
                assertThat(offset).isEqualTo(fetched.highWatermark());
                return all;
            }
            offset = values.lastKey() + 1;
        }
    }

    /** {@return the topics that the broker tells of} */
    Set<String> topics() {
        Set<String> names = new TreeSet<>();
        for (MetadataResponse.MetadataResponseTopic topic : ask(
                        ApiKey.METADATA, Requests.METADATA_VERSION, Requests.allTopics(), MetadataResponse.class)
                .topics()) {
            assertThat(topic.errorCode()).as(topic.name()).isEqualTo(ErrorCode.NONE);
            names.add(topic.name());
        }
        return names;
    }

    /** {@return the positions of a group, once its coordinator has loaded them} */
    SortedMap<TopicPartition, Long> committed(String group) {
        while (true) {
            OffsetFetchResponse answer = ask(
                    ApiKey.OFFSET_FETCH,
                    Requests.OFFSET_FETCH_VERSION,
                    Requests.committed(group),
                    OffsetFetchResponse.class);
            if (answer.errorCode().retriable()) {
                world.advanceMs(100);
                continue;
            }
            assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
            SortedMap<TopicPartition, Long> positions = new TreeMap<>();
            answer.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> positions.put(
                                    new TopicPartition(topic.name(), partition.partitionIndex()),
                                    partition.committedOffset())));
            return positions;
        }
    }
}
