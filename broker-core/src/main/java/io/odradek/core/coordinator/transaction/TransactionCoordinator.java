package io.odradek.core.coordinator.transaction;

import io.odradek.core.coordinator.runtime.Answer;
import io.odradek.core.coordinator.runtime.CoordinatorRuntime;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.PartitionLeadership;
import io.odradek.core.partition.PartitionLog;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional ids that this broker coordinates: those whose partition of {@code __transaction_state} it leads. Finds an
 * id's shard, and turns the shard's state of service into errors.
 *
 * <p>Requests are made on a processor's thread; answers come on any thread, once. Errors of all of them: INVALID_REQUEST for the
 * empty id, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, and UNKNOWN_SERVER_ERROR if the broker
 * fails to serve the request; besides these what the decisions say.
 */
public final class TransactionCoordinator implements PartitionLeadership {
    /** The internal topic that transactional ids live in. */
    public static final String TOPIC = "__transaction_state";

    private static final String OFFSETS_TOPIC = "__consumer_offsets";
    private static final Logger LOG = LoggerFactory.getLogger(TransactionCoordinator.class);

    private final TransactionSettings settings;
    private final MetadataSource metadata;
    private final ProducerIdSource producerIds;
    private final CoordinatorRuntime<TransactionShard> runtime;
    private final RequestContext request;

    /**
     * What a coordinator works with.
     *
     * @param metadata tells how many partitions the internal topics have
     * @param producerIds where new producer ids come from
     * @param markers writes the ends of transactions
     * @param memory what all transactional ids together may take
     */
    public record Surroundings(
            MetadataSource metadata, ProducerIdSource producerIds, TransactionMarkers markers, MemoryShare memory) {}

    /** A decision that may need a producer id which nobody has. */
    private interface RuleWithId {
        Decision decide(Transaction present, long newProducerId, long nowMs);
    }

    public TransactionCoordinator(Clock clock, TransactionSettings settings, Surroundings surroundings) {
        this.settings = settings;
        this.metadata = surroundings.metadata();
        this.producerIds = surroundings.producerIds();
        FewLines lines = new FewLines(LOG, clock);
        this.runtime = new CoordinatorRuntime<>(
                TOPIC,
                clock,
                settings.commitTimeoutMs(),
                (partition, context) -> new TransactionShard(new TransactionServices(
                        context,
                        clock,
                        settings,
                        surroundings.markers(),
                        (id, task) -> postBack(partition, id, task),
                        surroundings.memory(),
                        lines)));
        this.request = null;
    }

    private TransactionCoordinator(TransactionCoordinator whole, RequestContext request) {
        this.settings = whole.settings;
        this.metadata = whole.metadata;
        this.producerIds = whole.producerIds;
        this.runtime = whole.runtime;
        this.request = request;
    }

    /** {@return this, for one request: it is in work while it stands in a shard's queue and while it is served there} */
    public TransactionCoordinator during(RequestContext served) {
        return new TransactionCoordinator(this, served);
    }

    private void postBack(int partition, String id, Runnable task) {
        runtime.post(partition, id, shard -> task.run(), refused -> {});
    }

    @Override
    public void elected(int partition, OwnerLoop loop, PartitionLog log) {
        runtime.elected(partition, loop, log);
    }

    @Override
    public void resigned(int partition) {
        runtime.resigned(partition);
    }

    /**
     * InitProducerId: INVALID_TRANSACTION_TIMEOUT for a time-out that is not positive or longer than is allowed, and what
     * {@link Initialization} says; COORDINATOR_LOAD_IN_PROGRESS while there are no producer ids.
     *
     * @param producerId the id that the producer has, -1 if none
     * @param producerEpoch its epoch, -1 if none
     */
    public void initProducerId(
            String transactionalId, int timeoutMs, long producerId, short producerEpoch, Consumer<Verdict> reply) {
        if (timeoutMs <= 0 || timeoutMs > settings.maxTimeoutMs()) {
            reply.accept(Verdict.of(
                    transactionalId.isEmpty() ? ErrorCode.INVALID_REQUEST : ErrorCode.INVALID_TRANSACTION_TIMEOUT));
            return;
        }
        var wanted = new Initialization.Request(timeoutMs, producerId, producerEpoch);
        decide(transactionalId, (present, newId, now) -> Initialization.decide(present, wanted, newId, now), reply);
    }

    /**
     * AddPartitionsToTxn: what {@link Participation} says.
     *
     * @param clientVersion the version of transactions that the producer speaks: 0, or 2 where its broker asks for it
     */
    public void addPartitions(
            String transactionalId,
            long producerId,
            short producerEpoch,
            SortedSet<TopicPartition> partitions,
            short clientVersion,
            Consumer<ErrorCode> reply) {
        decide(
                transactionalId,
                (present, newId, now) ->
                        Participation.add(present, producerId, producerEpoch, partitions, clientVersion, now),
                verdict -> reply.accept(verdict.error()));
    }

    /** AddOffsetsToTxn: adds the partition that a group's positions are kept in, as {@link #addPartitions}. */
    public void addOffsets(
            String transactionalId, long producerId, short producerEpoch, String groupId, Consumer<ErrorCode> reply) {
        TopicInfo topic = metadata.image().topics().get(OFFSETS_TOPIC);
        int count = topic == null
                ? settings.offsetsPartitions()
                : topic.partitions().size();
        SortedSet<TopicPartition> partition = new TreeSet<>();
        partition.add(new TopicPartition(OFFSETS_TOPIC, CoordinatorRuntime.partitionOf(groupId, count)));
        addPartitions(transactionalId, producerId, producerEpoch, partition, Transaction.FIRST_VERSION, reply);
    }

    /** AddPartitionsToTxn that only asks: what {@link Participation#verify} says of each partition. */
    public void verifyPartitions(
            String transactionalId,
            long producerId,
            short producerEpoch,
            SortedSet<TopicPartition> partitions,
            Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        route(
                transactionalId,
                reply,
                (shard, answer) -> shard.verify(transactionalId, producerId, producerEpoch, partitions, answer),
                error -> TransactionShard.all(partitions, error));
    }

    /** EndTxn: what {@link Ending} says; with transactions v2 also COORDINATOR_LOAD_IN_PROGRESS while there are no producer ids. */
    public void end(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Outcome outcome,
            short clientVersion,
            Consumer<Verdict> reply) {
        var wanted = new Ending.Request(producerId, producerEpoch, outcome, clientVersion);
        decide(transactionalId, (present, newId, now) -> Ending.end(present, wanted, newId, now), reply);
    }

    private void decide(String id, RuleWithId rule, Consumer<Verdict> reply) {
        route(
                id,
                reply,
                (shard, answer) -> shard.decide(
                        id,
                        (present, nowMs) -> rule.decide(present, Producer.NO_ID, nowMs),
                        answer,
                        () -> decideWithNewId(id, rule, answer)),
                Verdict::of);
    }

    /** What was known of the id may have changed meanwhile: it is decided anew. An id that is not needed then is lost. */
    private void decideWithNewId(String id, RuleWithId rule, Consumer<Verdict> reply) {
        producerIds.next().whenComplete((newId, failure) -> {
            if (failure != null) {
                reply.accept(Verdict.of(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
                return;
            }
            Answer<Verdict> answer = new Answer<>(reply);
            int partition = partitionOf(id);
            runtime.post(
                    partition,
                    id,
                    shard -> shard.decide(
                            id,
                            (present, nowMs) -> rule.decide(present, newId, nowMs),
                            answer,
                            () -> answer.accept(Verdict.of(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS))),
                    error -> answer.refuse(Verdict.of(error)));
        });
    }

    /**
     * DescribeTransactions, of one id.
     *
     * @param reply is told what is known of it, TRANSACTIONAL_ID_NOT_FOUND if nothing
     */
    public void describe(String transactionalId, BiConsumer<ErrorCode, Transaction> reply) {
        route(
                transactionalId,
                (Described described) -> reply.accept(described.error(), described.transaction()),
                (shard, answer) ->
                        shard.read((all, now) -> Described.of(all.get(transactionalId)), Described::failed, answer),
                Described::failed);
    }

    private record Described(ErrorCode error, Transaction transaction) {
        static Described of(Transaction transaction) {
            return transaction == null
                    ? failed(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND)
                    : new Described(ErrorCode.NONE, transaction);
        }

        static Described failed(ErrorCode error) {
            return new Described(error, null);
        }
    }

    /**
     * ListTransactions: the ids of this broker that pass a filter, by id.
     *
     * @param reply is told COORDINATOR_LOAD_IN_PROGRESS while any partition is being loaded
     */
    public void list(TransactionFilter filter, BiConsumer<ErrorCode, SortedMap<String, Transaction>> reply) {
        var partitions = runtime.partitions();
        if (partitions.isEmpty()) {
            reply.accept(ErrorCode.NONE, new TreeMap<>());
            return;
        }
        TransactionListing listing = new TransactionListing(partitions.size(), filter, reply);
        for (int partition : partitions) {
            Answer<TransactionListing.Part> answer = new Answer<>(listing::add);
            submit(
                    partition,
                    null,
                    shard -> shard.read(listing::part, TransactionListing.Part::failed, answer),
                    error -> answer.refuse(TransactionListing.Part.failed(error)));
        }
    }

    private int partitionOf(String id) {
        TopicInfo topic = metadata.image().topics().get(TOPIC);
        return topic == null
                ? -1
                : CoordinatorRuntime.partitionOf(id, topic.partitions().size());
    }

    private <R> void route(
            String id,
            Consumer<R> reply,
            BiConsumer<TransactionShard, Consumer<R>> task,
            Function<ErrorCode, R> refusal) {
        if (id.isEmpty()) {
            reply.accept(refusal.apply(ErrorCode.INVALID_REQUEST));
            return;
        }
        Answer<R> answer = new Answer<>(reply);
        submit(partitionOf(id), id, shard -> task.accept(shard, answer), error -> answer.refuse(refusal.apply(error)));
    }

    private void submit(int partition, String key, Consumer<TransactionShard> task, Consumer<ErrorCode> refused) {
        if (request == null) {
            runtime.submit(partition, key, task, refused, () -> {});
        } else {
            request.workBegins(1);
            runtime.submit(partition, key, request.stretch(task), refused, request::workEnds);
        }
    }
}
