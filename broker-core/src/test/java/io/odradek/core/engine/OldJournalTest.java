package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.CreatePartitionsRequest;
import io.odradek.protocol.api.CreatePartitionsRequest.CreatePartitionsTopic;
import io.odradek.protocol.api.CreatePartitionsResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Lives of a broker in whose folders an old copy of the journal is put back: what was produced to its topics is served. */
class OldJournalTest {
    private static final String JOURNAL = "coordination.journal";
    private static final int HISTORIES = Integer.getInteger("histories", 20);
    private static final int STEPS = 14;
    private static final List<String> NAMES = List.of("one", "two", "three");

    @Test
    void whatWasProducedIsServedAfterAnOldJournalWasPutBack() throws IOException {
        long seed = SimulatedWorld.seedFromSystem();
        for (int i = 0; i < HISTORIES; i++) {
            History history = new History(seed + i);
            try {
                history.run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + (seed + i) + ": " + history.course, e);
            }
        }
    }

    /** One of them. */
    private static final class History {
        final List<String> course = new ArrayList<>();
        private final Random random;
        private final SimulatedBed bed;
        private final SortedMap<String, List<SortedMap<Long, String>>> topics = new TreeMap<>();
        private final SortedMap<String, Uuid> ids = new TreeMap<>();

        History(long seed) {
            random = new Random(seed);
            bed = new SimulatedBed(seed, Map.of("num.partitions", "1"));
        }

        void run() throws IOException {
            try {
                bed.start();
                int old = random.nextInt(STEPS);
                Map<Path, ByteBuffer> journals = new TreeMap<>();
                for (int step = 0; step < STEPS; step++) {
                    if (step == old) {
                        course.add("stop, keep the journal, start");
                        bed.stop();
                        for (Path folder : SimulatedBed.FOLDERS) {
                            journals.put(folder, content(folder.resolve(JOURNAL)));
                        }
                        bed.start();
                    }
                    step();
                }
                course.add("stop, put the journal back, start");
                bed.stop();
                for (Path folder : SimulatedBed.FOLDERS) {
                    replace(folder.resolve(JOURNAL), journals.get(folder));
                }
                for (int start = 0; start < 2; start++) {
                    bed.start();
                    topics.keySet().forEach(this::requireServed);
                    bed.stop();
                }
            } finally {
                bed.disk.close();
            }
        }

        private void step() {
            String topic = NAMES.get(random.nextInt(NAMES.size()));
            if (!topics.containsKey(topic)) {
                create(topic, 1 + random.nextInt(3));
            } else if (random.nextInt(4) == 0) {
                delete(topic);
            } else if (random.nextBoolean()) {
                grow(topic, topics.get(topic).size() + 1 + random.nextInt(2));
            }
            for (int partition = 0;
                    partition < topics.getOrDefault(topic, List.of()).size();
                    partition++) {
                produce(topic, partition, "record " + course.size());
            }
        }

        private void create(String topic, int partitions) {
            course.add("create " + topic + " of " + partitions);
            CreateTopicsResponse created = bed.ask(
                    ApiKey.CREATE_TOPICS,
                    Requests.CREATE_TOPICS_VERSION,
                    Requests.createTopic(topic, partitions, Map.of()),
                    CreateTopicsResponse.class);
            assertThat(created.topics().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
            topics.put(topic, new ArrayList<>());
            addPartitions(topic, partitions);
            ids.put(topic, id(topic));
        }

        private void grow(String topic, int partitions) {
            course.add("let " + topic + " grow to " + partitions);
            CreatePartitionsRequest growth = new CreatePartitionsRequest(
                    List.of(new CreatePartitionsTopic(topic, partitions, null)), 10_000, false);
            CreatePartitionsResponse grown =
                    bed.ask(ApiKey.CREATE_PARTITIONS, 3, growth, CreatePartitionsResponse.class);
            assertThat(grown.results().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
            addPartitions(topic, partitions);
        }

        private void addPartitions(String topic, int partitions) {
            List<SortedMap<Long, String>> records = topics.get(topic);
            while (records.size() < partitions) {
                records.add(new TreeMap<>());
            }
        }

        private void delete(String topic) {
            course.add("delete " + topic);
            DeleteTopicsResponse deleted = bed.ask(
                    ApiKey.DELETE_TOPICS,
                    Requests.DELETE_TOPICS_VERSION,
                    Requests.deleteTopic(topic),
                    DeleteTopicsResponse.class);
            assertThat(deleted.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
            topics.remove(topic);
        }

        private void produce(String topic, int partition, String value) {
            ProduceResponse.PartitionProduceResponse answer = bed.ask(
                            ApiKey.PRODUCE,
                            Requests.PRODUCE_VERSION,
                            Requests.produce(
                                    topic,
                                    partition,
                                    -1,
                                    Requests.batch(bed.world.clock().wallMs(), List.of(value))
                                            .build()),
                            ProduceResponse.class)
                    .responses()
                    .get(0)
                    .partitionResponses()
                    .get(0);
            assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
            topics.get(topic).get(partition).put(answer.baseOffset(), value);
        }

        private void requireServed(String topic) {
            assertThat(id(topic)).as("id of " + topic).isEqualTo(ids.get(topic));
            for (int partition = 0; partition < topics.get(topic).size(); partition++) {
                assertThat(bed.broker.partition(new TopicPartition(topic, partition)))
                        .as(topic + "-" + partition)
                        .isNotNull();
                assertThat(bed.readAll(topic, partition))
                        .as(topic + "-" + partition)
                        .isEqualTo(topics.get(topic).get(partition));
                produce(topic, partition, "after all");
            }
        }

        private Uuid id(String topic) {
            return bed.broker.partition(new TopicPartition(topic, 0)).log().topicId();
        }

        private ByteBuffer content(Path path) throws IOException {
            try (LogFile file = bed.disk.openForRead(path)) {
                ByteBuffer content = ByteBuffer.allocate((int) file.sizeBytes());
                file.read(content, 0);
                return content.flip();
            }
        }

        private void replace(Path path, ByteBuffer content) throws IOException {
            try (LogFile file = bed.disk.open(path)) {
                file.truncate(0);
                file.append(content);
            }
        }
    }
}
