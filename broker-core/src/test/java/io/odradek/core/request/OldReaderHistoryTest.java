package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.partition.LeaderLog;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.Meters;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.log.AppendOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Old readers of all versions, with fetches of all sizes, read logs of batches and transactions of all kinds, as their clients
 * do: they see each record that is committed, once and in order, and come to the end.
 */
class OldReaderHistoryTest {
    private static final int HISTORIES = 60;
    private static final int PRODUCERS = 3;
    private static final CompressionCodec[] CODECS = {
        CompressionCodec.NONE,
        CompressionCodec.NONE,
        CompressionCodec.GZIP,
        CompressionCodec.SNAPPY,
        CompressionCodec.LZ4
    };

    @Test
    void eachReaderSeesWhatIsCommittedOnceAndInOrder() throws IOException {
        long seed = SimulatedWorld.seedFromSystem();
        for (int i = 0; i < HISTORIES; i++) {
            try (History history = new History(new Random(seed + i))) {
                history.write();
                for (int version = 0; version <= 3; version++) {
                    history.read(version);
                }
            }
        }
    }

    private static final class History implements AutoCloseable {
        private final Random random;
        private final TestBroker broker = new TestBroker(1);
        private final MemoryShare answers = new MemoryShare("odradek.memory.answers.bytes", 1 << 20);
        private final FetchHandler fetches;
        private final Partition partition;
        private final TreeMap<Long, Integer> shown = new TreeMap<>();
        private final List<TreeMap<Long, Integer>> open = new ArrayList<>();
        private final int[] sequences = new int[PRODUCERS];

        History(Random random) {
            this.random = random;
            FetchSessionCache cache =
                    new FetchSessionCache(10, broker.world.clock(), broker.world.newRandoms("sessions"));
            DownConversions conversions = new DownConversions(
                    broker.owners,
                    broker.world.clock(),
                    broker.world.newLoop("background")::post,
                    new DownConversions.Bounds(1, 500 + random.nextInt(50_000), 5_000 + random.nextInt(50_000)),
                    answers,
                    Meters.NONE);
            fetches = new FetchHandler(
                    broker.owners,
                    broker::image,
                    new FetchSessions(cache),
                    new FetchHandler.Bounds(55 << 20, 3_600_000),
                    null,
                    null,
                    () -> conversions);
            partition = broker.topic("t", 1, Map.of()).partition("t", 0);
            for (int i = 0; i < PRODUCERS; i++) {
                open.add(new TreeMap<>());
            }
        }

        void write() {
            int runs = random.nextInt(60);
            for (int i = 0; i < runs; i++) {
                int producer = random.nextInt(PRODUCERS);
                switch (random.nextInt(4)) {
                    case 0 -> batch(-1);
                    case 1 -> batch(producer);
                    case 2 -> end(producer, random.nextBoolean());
                    default -> {
                        // A run of what nobody sees.
                        for (int k = random.nextInt(20); k > 0; k--) {
                            batch(producer);
                            end(producer, false);
                        }
                    }
                }
            }
            for (int producer = 0; producer < PRODUCERS; producer++) {
                end(producer, random.nextBoolean());
            }
        }

        /** @param producer writes in its transaction; -1 for one without */
        private void batch(int producer) {
            CompressionCodec codec = CODECS[random.nextInt(CODECS.length)];
            BatchBuilder builder = new BatchBuilder(1 << 20).codec(codec);
            int count = 1 + random.nextInt(20);
            if (producer >= 0) {
                builder.producer(producer, (short) 0, sequences[producer]).transactional();
                sequences[producer] += count;
            }
            long offset = partition.log().endOffset();
            for (int i = 0; i < count; i++) {
                int content = random.nextInt();
                ByteBuffer value = ByteBuffer.allocate(4 + random.nextInt(300)).putInt(0, content);
                builder.append(1_000, null, value);
                (producer < 0 ? shown : open.get(producer)).put(offset + i, content);
            }
            append(builder.build(), AppendOrigin.CLIENT);
        }

        private void end(int producer, boolean commits) {
            if (open.get(producer).isEmpty()) {
                return;
            }
            ControlRecord.Type type = commits ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT;
            append(new ControlRecord(type, 0).toBatch(producer, (short) 0, 1_000), AppendOrigin.COORDINATOR);
            if (commits) {
                shown.putAll(open.get(producer));
            }
            open.get(producer).clear();
        }

        private void append(ByteBuffer batch, AppendOrigin origin) {
            LeaderLog.append(partition, batch, (short) 1, broker.world.clock().wallMs(), origin);
            partition.announceChanges();
            broker.world.runUntilIdle();
        }

        void read(int version) {
            long end = partition.log().endOffset();
            long position = random.nextInt((int) end + 1);
            TreeMap<Long, Integer> expected = new TreeMap<>(shown.tailMap(position));
            TreeMap<Long, Integer> read = new TreeMap<>();
            int maxBytes = 40 + random.nextInt(3_000);
            while (read.size() < expected.size()) {
                PartitionData data = fetch(version, position, maxBytes);
                assertThat(data.errorCode()).isEqualTo(ErrorCode.NONE);
                long before = position;
                position = take(TestRecords.bytes(data.records()), position, read);
                if (position == before) {
                    assertThat(version)
                            .as("the first message is cut, not left out")
                            .isLessThan(3);
                    assertThat(data.records().sizeBytes()).isEqualTo(maxBytes);
                    maxBytes *= 2;
                }
            }
            assertThat(read).isEqualTo(expected);
            assertThat(fetch(version, position, maxBytes).records().sizeBytes()).isZero();
            assertThat(answers.usedBytes()).isZero();
        }

        /** {@return the position behind the last whole message, as a client has it} */
        private static long take(ByteBuffer messages, long from, TreeMap<Long, Integer> into) {
            long position = from;
            int at = 0;
            try (LegacyCursor cursor = new LegacyCursor()) {
                while (messages.limit() - at >= LegacyMessage.SMALLEST_SIZE
                        && LegacyMessage.isWhole(messages, at, messages.limit())) {
                    cursor.open(messages, at, 1 << 20);
                    while (cursor.next()) {
                        if (cursor.offset() >= position) {
                            into.put(cursor.offset(), cursor.value().getInt(0));
                            position = cursor.offset() + 1;
                        }
                    }
                    at += LegacyMessage.sizeBytes(messages, at);
                }
            }
            return position;
        }

        private PartitionData fetch(int version, long offset, int maxBytes) {
            TestContext context = new TestContext(ApiKey.FETCH, version);
            FetchPartition wish = new FetchPartition(0, -1, offset, -1, -1, maxBytes, Uuid.ZERO);
            fetches.handle(
                    new FetchRequest(
                            null,
                            -1,
                            new ReplicaState(-1, -1),
                            0,
                            1,
                            Integer.MAX_VALUE,
                            (byte) 0,
                            0,
                            -1,
                            List.of(new FetchTopic("t", Uuid.ZERO, List.of(wish))),
                            List.of(),
                            ""),
                    context);
            broker.world.runUntilIdle();
            return context.response(FetchResponse.class)
                    .responses()
                    .get(0)
                    .partitions()
                    .get(0);
        }

        @Override
        public void close() throws IOException {
            broker.close();
        }
    }
}
