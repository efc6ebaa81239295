package io.odradek.core.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.MemoryPartitionLog;
import io.odradek.core.coordinator.Reply;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A transaction coordinator with one shard, over simulated time, a log in memory, and markers that the test writes. */
final class TransactionBed {
    static final String ID = "id";
    static final int TIMEOUT_MS = 60_000;
    static final long FIRST_PRODUCER = 1_000;

    final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    final MemoryShare memory;
    final TransactionCoordinator coordinator;
    final List<Marking> markings = new ArrayList<>();
    private final SimulatedOwnerLoop loop = new SimulatedOwnerLoop(world.newLoop("owner"));
    MemoryPartitionLog log = new MemoryPartitionLog(0);
    long nextProducerId = FIRST_PRODUCER;
    boolean noProducerIds;

    /** Markers of one transaction that were asked for. */
    static final class Marking {
        final EndedTransaction ended;
        private final Consumer<ErrorCode> done;
        boolean stopped;

        Marking(EndedTransaction ended, Consumer<ErrorCode> done) {
            this.ended = ended;
            this.done = done;
        }
    }

    TransactionBed() {
        this(TransactionSettings.DEFAULTS, 1L << 40);
    }

    TransactionBed(TransactionSettings settings, long memoryBytes) {
        memory = new MemoryShare("odradek.memory.transactions.bytes", memoryBytes);
        var surroundings =
                new TransactionCoordinator.Surroundings(TransactionBed::image, this::nextId, this::write, memory);
        coordinator = new TransactionCoordinator(world.clock(), settings, surroundings);
        elect();
    }

    private static MetadataImage image() {
        TreeMap<String, TopicInfo> topics = new TreeMap<>();
        PartitionInfo led = new PartitionInfo(1, 0, List.of(1), List.of(1));
        topics.put(
                TransactionCoordinator.TOPIC,
                new TopicInfo(TransactionCoordinator.TOPIC, Uuid.ZERO, List.of(led), Map.of()));
        return new MetadataImage("cluster", 1, new TreeMap<>(), topics, Map.of());
    }

    private CompletionStage<Long> nextId() {
        return noProducerIds
                ? CompletableFuture.failedFuture(new IllegalStateException("none, on purpose"))
                : CompletableFuture.completedFuture(nextProducerId++);
    }

    private TransactionMarkers.Writing write(EndedTransaction ended, Consumer<ErrorCode> done) {
        Marking marking = new Marking(ended, done);
        markings.add(marking);
        return () -> marking.stopped = true;
    }

    void elect() {
        coordinator.elected(0, loop, log);
        world.runUntilIdle();
    }

    /** Another term begins, with what was committed in the last one. */
    void failOver() {
        coordinator.resigned(0);
        log = log.committedCopy();
        elect();
    }

    /** The markers that were asked for last are written, or what becomes of them. */
    void written(ErrorCode error) {
        Marking last = markings.remove(markings.size() - 1);
        last.done.accept(error);
        world.runUntilIdle();
    }

    void written() {
        written(ErrorCode.NONE);
    }

    Reply<Verdict> init(long producerId, int epoch) {
        return init(ID, TIMEOUT_MS, producerId, epoch);
    }

    Reply<Verdict> init(String id, int timeoutMs, long producerId, int epoch) {
        Reply<Verdict> reply = new Reply<>();
        coordinator.initProducerId(id, timeoutMs, producerId, (short) epoch, reply);
        world.runUntilIdle();
        return reply;
    }

    Reply<Verdict> init() {
        return init(Producer.NO_ID, Producer.NO_EPOCH);
    }

    /** {@return the producer that a new one is told to be} */
    Verdict newProducer() {
        Verdict verdict = init().get();
        assertThat(verdict.error()).isEqualTo(ErrorCode.NONE);
        return verdict;
    }

    Reply<ErrorCode> add(Verdict producer, short version, String... partitions) {
        Reply<ErrorCode> reply = new Reply<>();
        coordinator.addPartitions(
                ID,
                producer.producerId(),
                producer.producerEpoch(),
                Transactions.partitions(partitions),
                version,
                reply);
        world.runUntilIdle();
        return reply;
    }

    Reply<ErrorCode> add(Verdict producer, String... partitions) {
        return add(producer, Transactions.V1, partitions);
    }

    Reply<Verdict> end(Verdict producer, Outcome outcome, short version) {
        Reply<Verdict> reply = new Reply<>();
        coordinator.end(ID, producer.producerId(), producer.producerEpoch(), outcome, version, reply);
        world.runUntilIdle();
        return reply;
    }

    Reply<Verdict> end(Verdict producer, Outcome outcome) {
        return end(producer, outcome, Transactions.V1);
    }

    SortedMap<TopicPartition, ErrorCode> verify(Verdict producer, String... partitions) {
        Reply<SortedMap<TopicPartition, ErrorCode>> reply = new Reply<>();
        coordinator.verifyPartitions(
                ID, producer.producerId(), producer.producerEpoch(), Transactions.partitions(partitions), reply);
        world.runUntilIdle();
        return reply.get();
    }

    /** {@return what is known of the id, null if nothing} */
    Transaction known() {
        List<Transaction> known = new ArrayList<>();
        coordinator.describe(ID, (error, transaction) -> known.add(transaction));
        world.runUntilIdle();
        assertThat(known).hasSize(1);
        return known.get(0);
    }

    TransactionStatus status() {
        return known().state().status();
    }

    SortedMap<String, Transaction> list(TransactionFilter filter) {
        List<SortedMap<String, Transaction>> found = new ArrayList<>();
        coordinator.list(filter, (error, all) -> {
            assertThat(error).isEqualTo(ErrorCode.NONE);
            found.add(all);
        });
        world.runUntilIdle();
        return found.get(0);
    }
}
