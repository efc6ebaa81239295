package io.odradek.core.simulation;

import io.odradek.core.coordination.node.PartitionStateNode;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.EndTxnRequest;
import io.odradek.protocol.api.EndTxnResponse;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes in transactions, with or without transactions v2 (KIP-98, KIP-890): finds its coordinator, is given an epoch, and does
 * one transaction after the other. It loses its patience, its life or, to another of the same transactional id, its epoch now and
 * then, and comes back after a while; what came of an EndTxn that is not answered it finds out by asking again.
 *
 * <pre>
 *   FENCED, DEAD --after a while--> STRANGER --epoch given--> IDLE --begin--> OPEN --all written--> ENDING --answered--> IDLE
 * </pre>
 */
abstract class TransactionalClient extends ClusterClient {
    /** After which its coordinator aborts a transaction. */
    static final int TRANSACTION_TIMEOUT_MS = 15_000;

    private static final byte OF_TRANSACTIONS = 1;
    private static final int LONGEST_SLEEP_MS = 60_000;
    private static final int DIES_ONCE_IN = 150;
    private static final int DIES_ENDING_ONCE_IN = 20;
    private static final int GIVES_UP_ONCE_IN = 20;

    private final String transactionalId;
    private int coordinator = -1;
    private boolean second;
    private TransactionLines lines = new TransactionLines(-1, (short) -1);
    private boolean ready;
    /** It asks for the next epoch by the one it has (KIP-360), as something of this one may arrive late. */
    private boolean raises;

    private int lives;
    private TransactionLedger.Transaction open;
    private Ending ending = Ending.NONE;
    /** An EndTxn may have been carried out. */
    private boolean doubtful;

    private boolean stale;
    private long awakeMs;
    private boolean leftOpen;

    private enum Ending {
        NONE,
        COMMIT,
        ABORT
    }

    TransactionalClient(String name, String transactionalId, ClusterWorld cluster, ClusterClients shared) {
        super(name, cluster, shared);
        this.transactionalId = transactionalId;
    }

    /** Has an epoch and no transaction: {@link #begin}s one, or does something else, and goes on. */
    protected abstract void idle();

    /** All that was written in the transaction was acknowledged: writes more, or {@link #end}s it, or does something else, and goes on. */
    protected abstract void written();

    /** The transaction has ended, and the next one may begin. */
    protected void ended(boolean committed) {}

    /** Its life is over, or it is fenced. */
    protected void dropped() {}

    @Override
    protected int meanPauseMs() {
        return 500;
    }

    /** A transaction that is open is ended first. */
    @Override
    protected boolean writes() {
        return open == null && !leftOpen;
    }

    /** {@return whether it has no transaction in hand} */
    final boolean isAtRest() {
        return open == null;
    }

    final TransactionLedger.Transaction transaction() {
        return open;
    }

    /** {@return whether it speaks transactions v2} */
    final boolean speaksSecond() {
        return second;
    }

    final int coordinator() {
        return coordinator;
    }

    /** {@return as whom it commits positions} */
    final TransactionRequests.Committer committer(String group, int generation, String member) {
        return new TransactionRequests.Committer(
                transactionalId, lines.producerId(), lines.epoch(), group, generation, member);
    }

    @Override
    protected final void act() {
        if (isAsleep()) {
            pause();
        } else if (stale) {
            stale = false;
            refresh();
        } else if (coordinator < 0) {
            find();
        } else if (!ready || open == null && raises) {
            initialize();
        } else if (open == null) {
            idle();
        } else if (random.nextInt(DIES_ONCE_IN) == 0) {
            die();
            pause();
        } else if (ending != Ending.NONE) {
            endTransaction();
        } else if (lines.unfinished().isEmpty()) {
            written();
        } else if (random.nextInt(GIVES_UP_ONCE_IN) == 0) {
            end(false);
            pause();
        } else {
            write();
        }
    }

    /** One that has died in a transaction comes back at once when all is to come to rest and no clock can be relied upon. */
    private boolean isAsleep() {
        boolean called = shared.isHeld() && leftOpen && cluster.hasSetClocks();
        return !called && cluster.world().clock().monotonicNs() / 1_000_000 < awakeMs;
    }

    private void sleep(int mostMs) {
        awakeMs = cluster.world().clock().monotonicNs() / 1_000_000 + random.nextInt(mostMs);
    }

    // The coordinator

    private void find() {
        int any = 1 + random.nextInt(cluster.brokers().size());
        FindCoordinatorRequest request = new FindCoordinatorRequest(transactionalId, OF_TRANSACTIONS, List.of());
        send(any, ApiKey.FIND_COORDINATOR, ClusterRequests.FIND_COORDINATOR_VERSION, request, answer -> {
            if (answer instanceof FindCoordinatorResponse found && found.errorCode() == ErrorCode.NONE) {
                coordinator = found.nodeId();
            }
            pause();
        });
    }

    /** {@return whether it is to be asked again later, or another one} */
    final boolean isPassing(ErrorCode error) {
        Violation.unless(
                error != ErrorCode.UNKNOWN_SERVER_ERROR, "Coordinator %d of %s fails", coordinator, transactionalId);
        return switch (error) {
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, REQUEST_TIMED_OUT, NETWORK_EXCEPTION -> {
                coordinator = -1;
                yield true;
            }
            case COORDINATOR_LOAD_IN_PROGRESS, CONCURRENT_TRANSACTIONS, UNSTABLE_OFFSET_COMMIT -> true;
            default -> false;
        };
    }

    /** A request was not answered: the coordinator is looked for again, and the request may be carried out late. */
    final void unanswered() {
        coordinator = -1;
        mayArriveLate();
    }

    /** With transactions v2 each transaction has an epoch of its own, and what comes late is refused. */
    final void mayArriveLate() {
        raises |= !second;
    }

    private void initialize() {
        boolean named = ready;
        if (!named) {
            second = random.nextBoolean() && cluster.speaksSecondTransactions();
        }
        TransactionLines had = lines;
        InitProducerIdRequest request = new InitProducerIdRequest(
                transactionalId, TRANSACTION_TIMEOUT_MS, named ? had.producerId() : -1, named ? had.epoch() : -1);
        send(coordinator, ApiKey.INIT_PRODUCER_ID, TransactionRequests.initVersion(second), request, answer -> {
            if (!(answer instanceof InitProducerIdResponse given)) {
                coordinator = -1;
            } else if (given.errorCode() == ErrorCode.NONE) {
                lives += named ? 0 : 1;
                raises = false;
                ready = true;
                leftOpen = false;
                goOnAs(given.producerId(), given.producerEpoch());
            } else if (!isPassing(given.errorCode())) {
                Violation.unless(named, "%s is told %s as it comes anew", this, given.errorCode());
                fenced(given.errorCode());
            }
            pause();
        });
    }

    private void goOnAs(long producerId, short epoch) {
        if (traces()) {
            trace("goes on as producer " + producerId + ", epoch " + epoch + (second ? ", transactions v2" : ""));
        }
        shared.transactions().given(producerId, epoch, name() + ", life " + lives);
        lines = new TransactionLines(producerId, epoch);
    }

    /** Others have its id, or nobody has. It comes anew after a while, and then they are fenced. */
    final void fenced(ErrorCode error) {
        if (traces()) {
            trace("is no longer in office: " + error);
        }
        drop();
        sleep(1 + random.nextInt(LONGEST_SLEEP_MS));
    }

    private void die() {
        trace("dies in transaction " + open);
        drop();
        sleep(LONGEST_SLEEP_MS);
    }

    private void drop() {
        if (open != null) {
            shared.transactions().givenUp(open);
            leftOpen = true;
        }
        open = null;
        ending = Ending.NONE;
        ready = false;
        raises = false;
        dropped();
        // What is still under way is no concern of the next life.
        lines = new TransactionLines(-1, (short) -1);
    }

    // A transaction

    final void begin() {
        open = shared.transactions().begin(name());
        ending = Ending.NONE;
        doubtful = false;
        lines.begin();
    }

    /** Writes as many records to a partition. */
    final void write(TopicPartition id, int records) {
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            long value = shared.records().newValue(id);
            shared.transactions().writes(open, value);
            values.add(value);
        }
        lines.put(id, values);
    }

    /** Ends the transaction from now on. */
    final void end(boolean commit) {
        ending = commit ? Ending.COMMIT : Ending.ABORT;
        if (commit) {
            shared.transactions().committing(open);
        } else {
            shared.transactions().givenUp(open);
            if (lines.isAnyUnderWay()) {
                mayArriveLate();
            }
        }
        if (traces()) {
            trace((commit ? "commits " : "aborts ") + open);
        }
    }

    /** Adds partitions, if that is done before they are written to, and sends what may be sent. */
    private void write() {
        List<TopicPartition> unfinished = lines.unfinished();
        List<TopicPartition> strange = new ArrayList<>(unfinished);
        strange.removeIf(lines::isAdded);
        if (!second && !strange.isEmpty()) {
            add(strange);
            return;
        }
        do {
            sendRound(unfinished);
        } while (random.nextInt(3) == 0);
        if (random.nextInt(GIVES_UP_ONCE_IN) == 0) {
            // At once, so that what was sent may come after the end.
            end(false);
            pause(0);
        } else {
            pause();
        }
    }

    private void add(List<TopicPartition> strange) {
        TransactionLines in = lines;
        send(
                coordinator,
                ApiKey.ADD_PARTITIONS_TO_TXN,
                TransactionRequests.ADD_PARTITIONS_VERSION,
                TransactionRequests.add(transactionalId, in.producerId(), in.epoch(), strange),
                answer -> {
                    if (in == lines && ending == Ending.NONE) {
                        added(in, strange, (AddPartitionsToTxnResponse) answer);
                    }
                    pause();
                });
    }

    private void added(TransactionLines in, List<TopicPartition> strange, AddPartitionsToTxnResponse answer) {
        if (answer == null) {
            unanswered();
            return;
        }
        ErrorCode worst = TransactionRequests.worst(answer);
        if (worst == ErrorCode.NONE) {
            in.added(strange);
        } else if (worst != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && !isPassing(worst)) {
            fenced(worst);
        }
    }

    /** One request to each leader, with a batch for each of its partitions that has one to be sent. */
    private void sendRound(List<TopicPartition> unfinished) {
        Map<Integer, Map<TopicPartition, ProducerLine.Batch>> byLeader = new TreeMap<>();
        for (TopicPartition id : unfinished) {
            ClientMetadata.Led led = metadata().of(id);
            if (led == null || led.leader() < 0) {
                stale = true;
                continue;
            }
            ProducerLine.Batch next = lines.next(id);
            if (next != null) {
                byLeader.computeIfAbsent(led.leader(), any -> new TreeMap<>()).put(id, next);
                lines.line(id).sent(next);
            }
        }
        byLeader.forEach(this::produce);
    }

    private void produce(int leader, Map<TopicPartition, ProducerLine.Batch> batches) {
        TransactionLines in = lines;
        Map<TopicPartition, ByteBuffer> bytes = new TreeMap<>();
        Map<TopicPartition, ClientMetadata.Led> led = new TreeMap<>();
        batches.forEach((id, batch) -> {
            led.put(id, metadata().of(id));
            bytes.put(
                    id,
                    ClusterRequests.batch(cluster.world().clock().wallMs(), batch.values())
                            .producer(in.producerId(), in.epoch(), batch.sequence())
                            .transactional()
                            .build());
        });
        send(
                leader,
                ApiKey.PRODUCE,
                TransactionRequests.produceVersion(second),
                TransactionRequests.produce(transactionalId, bytes),
                answer -> batches.forEach((id, batch) -> produced(in, id, led.get(id), batch, answer)));
    }

    private void produced(
            TransactionLines in,
            TopicPartition id,
            ClientMetadata.Led led,
            ProducerLine.Batch batch,
            ApiResponse answer) {
        PartitionProduceResponse outcome = answer == null ? null : TransactionRequests.of(id, (ProduceResponse) answer);
        if (traces()) {
            trace(batch + " to " + id + " at broker " + led.leader() + ": "
                    + (outcome == null ? "no answer" : outcome.errorCode() + " " + outcome.baseOffset()));
        }
        if (outcome != null && outcome.errorCode() == ErrorCode.NONE) {
            ClusterLedger.Records records = shared.records().records(led.topicId(), id);
            for (int i = 0; i < batch.values().size(); i++) {
                shared.records()
                        .acknowledged(
                                records,
                                outcome.baseOffset() + i,
                                batch.values().get(i));
            }
            in.line(id).acknowledged(batch, outcome.baseOffset());
            return;
        }
        in.line(id).failed(batch);
        stale = true;
        if (outcome != null && in == lines && open != null && ending == Ending.NONE) {
            refused(id, led, batch, outcome.errorCode());
        }
    }

    private void refused(TopicPartition id, ClientMetadata.Led led, ProducerLine.Batch batch, ErrorCode error) {
        switch (error) {
            case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED, INVALID_PRODUCER_ID_MAPPING -> fenced(error);
            case INVALID_TXN_STATE, TRANSACTION_ABORTABLE -> {
                mayArriveLate();
                end(false);
            }
            case OUT_OF_ORDER_SEQUENCE_NUMBER -> outOfOrder(id, led, batch);
            case UNKNOWN_PRODUCER_ID, DUPLICATE_SEQUENCE_NUMBER, UNKNOWN_SERVER_ERROR ->
                throw new Violation(
                        "It is told " + error + " of " + batch + " in " + id + " by broker " + led.leader());
            default -> {
                // Sent again, to whoever leads then.
            }
        }
    }

    /** As {@link ClusterProducer} has it; what came of a repetition that the broker does not know any more does not matter here. */
    private void outOfOrder(TopicPartition id, ClientMetadata.Led led, ProducerLine.Batch batch) {
        PartitionStateNode now = new ClusterState(cluster.coordination().tree()).state(id);
        boolean deposed = now.leader() != led.leader() || now.leaderEpoch() > led.epoch();
        if (batch.sentFirst() && !deposed) {
            Violation.unless(
                    batch.tries() > 1 && lines.line(id).sentAfter(batch),
                    "It is told that %s is out of order in %s by broker %d, and it is the next",
                    batch,
                    id,
                    led.leader());
            mayArriveLate();
            end(false);
        }
    }

    private void endTransaction() {
        TransactionLines in = lines;
        TransactionLedger.Transaction ended = open;
        boolean commit = ending == Ending.COMMIT;
        EndTxnRequest request = new EndTxnRequest(transactionalId, in.producerId(), in.epoch(), commit);
        send(coordinator, ApiKey.END_TXN, TransactionRequests.endVersion(second), request, answer -> {
            if (open == ended) {
                ended((EndTxnResponse) answer, commit);
                pause();
            }
        });
        if (random.nextInt(DIES_ENDING_ONCE_IN) == 0) {
            die();
            pause();
        }
    }

    private void ended(EndTxnResponse answer, boolean commit) {
        if (answer == null) {
            doubtful = true;
            unanswered();
            return;
        }
        ErrorCode error = answer.errorCode();
        if (traces()) {
            trace("ends " + open + " at broker " + coordinator + ": " + error);
        }
        if (error == ErrorCode.NONE) {
            if (commit) {
                shared.transactions().committed(open);
            }
            close(commit);
            if (second) {
                goOnAs(answer.producerId(), answer.producerEpoch());
            }
        } else if (isPassing(error)) {
            doubtful |= error != ErrorCode.CONCURRENT_TRANSACTIONS && error != ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
        } else if (!commit && error == ErrorCode.INVALID_TXN_STATE && !second) {
            // Nothing of it has arrived, or it is aborted.
            close(false);
            raises = true;
        } else {
            if (commit && !doubtful) {
                shared.transactions().refused(open);
            }
            fenced(error);
        }
    }

    private void close(boolean committed) {
        open = null;
        ending = Ending.NONE;
        ended(committed);
    }
}
