package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.log.Log.FetchedData;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.log.TransactionModel.Producer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random transactions in a log that is cut, closed, killed and robbed of its indexes, against {@link TransactionModel}. */
class TransactionModelTest {
    private static final int HISTORIES = Integer.getInteger("histories", 3_000);
    private static final Path FOLDER = Path.of("/data/logs/events-0");
    private static final TopicPartition ID = new TopicPartition("events", 0);
    private static final int PRODUCERS = 4;

    @Test
    void aLogKnowsItsTransactionsAsTheModelDoes() throws IOException {
        long seed = SimulatedWorld.seedFromSystem();
        for (int i = 0; i < HISTORIES; i++) {
            long historySeed = seed + i;
            try (FaultingFileSystem disk = new FaultingFileSystem(historySeed)) {
                new History(disk, historySeed).run();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("Failed with -Dhistories=1 -Dseed=" + historySeed, e);
            }
        }
    }

    /** One life of a log. */
    private static final class History {
        private final FaultingFileSystem disk;
        private final SimulatedWorld world;
        private final Random random;
        private final LogContext context;
        private final LogConfig config;
        private final List<byte[]> batches = new ArrayList<>();
        private TransactionModel model = new TransactionModel(batches);
        private Log log;
        private long highWatermark;

        History(FaultingFileSystem disk, long seed) throws IOException {
            this.disk = disk;
            this.world = new SimulatedWorld(seed);
            this.random = world.newRandom("history");
            this.context = new LogContext(
                    disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
            this.config = LogConfig.of(
                    Map.of(),
                    Map.of(
                            "segment.bytes", Integer.toString(300 + random.nextInt(3000)),
                            "index.interval.bytes", Integer.toString(random.nextInt(500))));
            disk.createFolders(FOLDER.getParent());
            disk.forceFolder(FOLDER.getParent().getParent());
            disk.forceFolder(FOLDER.getParent().getParent().getParent());
        }

        void run() throws IOException {
            log = Log.open(context, LogOpening.create(FOLDER, ID, new Uuid(7, 9)), config);
            int steps = 5 + random.nextInt(50);
            for (int i = 0; i < steps; i++) {
                step(random.nextInt(100));
                check();
            }
            stop();
        }

        private void step(int dice) throws IOException {
            world.advanceMs(random.nextInt(1_000));
            if (dice < 50) {
                take(data());
            } else if (dice < 80) {
                take(marker());
            } else if (dice < 84) {
                log.flush();
            } else if (dice < 88) {
                log.truncateTo(random.nextLong(log.endOffset() + 1));
                reloaded();
            } else if (dice < 92) {
                stop();
                rob();
                reopen(true, log.recoveryPoint());
            } else if (dice < 97) {
                disk.kill();
                reopen(false, someRecoveryPoint());
            } else {
                long forced = log.recoveryPoint();
                long point = someRecoveryPoint();
                disk.powerLoss(random);
                reopen(false, point);
                assertThat(log.endOffset()).isGreaterThanOrEqualTo(forced);
            }
        }

        private ByteBuffer data() {
            long id = random.nextInt(PRODUCERS + 1);
            Producer known = model.producers.get(id);
            int epoch = known == null ? 0 : known.epoch();
            int sequence = known == null ? 0 : known.lastSequence() + 1;
            BatchBuilder batch = new BatchBuilder(10_000).producer(id, (short) epoch, sequence);
            for (int i = random.nextInt(3); i >= 0; i--) {
                batch.append(
                        world.clock().wallMs() - random.nextInt(50), null, ByteBuffer.allocate(random.nextInt(90)));
            }
            return (id < PRODUCERS ? batch.transactional() : batch).build();
        }

        private ByteBuffer marker() {
            long id = random.nextInt(PRODUCERS);
            Producer known = model.producers.get(id);
            int epoch = known == null ? 0 : known.epoch() + random.nextInt(4) / 3;
            int coordinatorEpoch = (known == null ? 0 : Math.max(0, known.coordinatorEpoch())) + random.nextInt(2);
            ControlRecord.Type type = random.nextBoolean() ? ControlRecord.Type.ABORT : ControlRecord.Type.COMMIT;
            return new ControlRecord(type, coordinatorEpoch)
                    .toBatch(id, (short) epoch, world.clock().wallMs());
        }

        /** Appends as the leader does or as a follower. */
        private void take(ByteBuffer batch) throws IOException {
            if (random.nextInt(4) == 0) {
                RecordBatch.setBaseOffset(batch, 0, log.endOffset());
                RecordBatch.setLeaderEpoch(batch, 0, 0);
                log.appendAsFollower(batch, world.clock().wallMs());
            } else {
                AppendOrigin origin = RecordBatch.isControl(batch, 0) ? AppendOrigin.COORDINATOR : AppendOrigin.CLIENT;
                log.append(batch, 0, world.clock().wallMs(), origin);
            }
            batches.add(TestBatches.bytes(batch));
            model = new TransactionModel(batches);
        }

        private void stop() throws IOException {
            long end = log.endOffset();
            log.flush();
            log.close();
            Path path = LogFileNames.path(FOLDER, end, LogFileNames.PRODUCER_SNAPSHOT);
            try (LogFile file = disk.openForRead(path)) {
                ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
                file.read(bytes, 0);
                assertThat(TransactionModel.readSnapshot(bytes.flip())).isEqualTo(model.producers);
            }
        }

        /** Takes away what can be made again. */
        private void rob() throws IOException {
            int what = random.nextInt(4);
            for (String name : disk.list(FOLDER)) {
                boolean index = name.endsWith(LogFileNames.TRANSACTION_INDEX);
                if (what == 0 && (index || name.endsWith(LogFileNames.PRODUCER_SNAPSHOT))) {
                    disk.delete(FOLDER.resolve(name));
                } else if (what == 1 && index && random.nextBoolean()) {
                    damage(FOLDER.resolve(name));
                }
            }
        }

        private void damage(Path path) throws IOException {
            try (LogFile file = disk.open(path)) {
                if (file.sizeBytes() > 0) {
                    file.truncate(file.sizeBytes() - 1 - random.nextInt(33));
                }
            }
        }

        private long someRecoveryPoint() {
            return random.nextBoolean() ? log.recoveryPoint() : random.nextLong(log.recoveryPoint() + 1);
        }

        private void reopen(boolean clean, long recoveryPoint) throws IOException {
            log = Log.open(context, new LogOpening(FOLDER, ID, Uuid.ZERO, clean, recoveryPoint, 0), config);
            reloaded();
        }

        private void reloaded() {
            while (!batches.isEmpty() && RecordBatch.nextOffset(last(), 0) > log.endOffset()) {
                batches.remove(batches.size() - 1);
            }
            assertThat(log.endOffset()).isEqualTo(batches.isEmpty() ? 0 : RecordBatch.nextOffset(last(), 0));
            model = new TransactionModel(batches);
            highWatermark = log.endOffset();
        }

        private ByteBuffer last() {
            return ByteBuffer.wrap(batches.get(batches.size() - 1));
        }

        private void check() throws IOException {
            highWatermark += random.nextLong(log.endOffset() - highWatermark + 1);
            long lastStable = log.producers().lastStableOffset(highWatermark);
            assertThat(lastStable).isEqualTo(model.lastStable(highWatermark));
            assertThat(log.producers().firstOpenTransactionOffset()).isEqualTo(model.firstOpen());
            long from = random.nextLong(log.endOffset() + 1);
            long upper = random.nextLong(log.endOffset() + 2);
            assertThat(log.producers().abortedTransactions(from, upper)).isEqualTo(model.abortedIn(from, upper));
            if (lastStable > 0) {
                checkRead(random.nextLong(lastStable), lastStable);
            }
        }

        /** A reader must be told of every aborted transaction in what it gets, and of none that it cannot meet. */
        private void checkRead(long offset, long bound) throws IOException {
            FetchedData fetched = log.read(offset, 1 + random.nextInt(1_000), true, bound);
            ByteBuffer read = ByteBuffer.wrap(TestBatches.bytes(fetched));
            long end = offset;
            for (int at = 0; at + RecordBatch.HEADER_SIZE <= read.limit(); at += RecordBatch.sizeBytes(read, at)) {
                end = RecordBatch.nextOffset(read, at);
            }
            List<AbortedTransaction> told = log.producers().abortedTransactions(offset, fetched, bound);
            assertThat(told).containsAll(model.abortedIn(offset, end));
            assertThat(model.abortedIn(offset, bound)).containsAll(told);
        }
    }
}
