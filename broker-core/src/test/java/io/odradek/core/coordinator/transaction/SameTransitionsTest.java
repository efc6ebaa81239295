package io.odradek.core.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.transaction.Decision.Change;
import io.odradek.core.coordinator.transaction.TransactionState.Ongoing;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;
import org.junit.jupiter.api.Test;

/**
 * Long random lives of a transactional id, step by step beside the class in which Apache Kafka 4.4.0 keeps it: whatever is
 * decided here comes to the state that Kafka comes to.
 */
class SameTransitionsTest {
    private static final int LIVES = 300;
    private static final int STEPS = 200;

    private final long seed = SimulatedWorld.seedFromSystem();
    private final Random random = new Random(seed);
    private long nowMs = 1_000;
    private long nextId = 100;
    private Transaction ours;
    private TransactionMetadata theirs;

    @Test
    void everyChangeIsOneThatKafkaMakes() {
        for (int life = 0; life < LIVES; life++) {
            begin();
            for (int step = 0; step < STEPS; step++) {
                nowMs += random.nextInt(100);
                step();
                assertSame(life + "/" + step);
            }
        }
    }

    private void begin() {
        Transaction created = ((Change) Initialization.decide(null, init(Producer.NO_ID, -1), nextId, nowMs)).next();
        theirs = new TransactionMetadata(
                "id",
                nextId,
                -1,
                -1,
                (short) -1,
                (short) -1,
                60_000,
                org.apache.kafka.coordinator.transaction.TransactionState.EMPTY,
                new HashSet<>(),
                -1,
                nowMs,
                TransactionVersion.TV_0);
        theirs.completeTransitionTo(theirs.prepareIncrementProducerEpoch(60_000, Optional.empty(), nowMs));
        ours = created;
        nextId++;
        if (random.nextBoolean()) {
            nearTheLastEpoch();
        }
    }

    /** Most lives would be over long before the epochs run out. */
    private void nearTheLastEpoch() {
        short epoch = (short) (Short.MAX_VALUE - 2 - random.nextInt(3));
        Producer producer = ours.producer();
        ours = ours.becomes(
                new Producer(producer.id(), epoch, producer.lastEpoch(), producer.previousId(), producer.nextId()),
                ours.state(),
                ours.lastUpdateMs(),
                ours.clientVersion());
        theirs.setProducerEpoch(epoch);
    }

    private void step() {
        boolean nobodysEpoch = ours.producer().isLastFenced() && !(ours.state() instanceof Prepare);
        int what = nobodysEpoch ? 0 : random.nextInt(4);
        switch (what) {
            case 0 -> initialize();
            case 1 -> add();
            default -> end();
        }
    }

    private Initialization.Request init(long id, int epoch) {
        return new Initialization.Request(60_000, id, (short) epoch);
    }

    private void initialize() {
        boolean resumes = random.nextBoolean();
        short epoch = (short) (ours.producer().epoch() - random.nextInt(3));
        boolean names = resumes && epoch >= 0;
        Initialization.Request request =
                names ? init(ours.producer().id(), epoch) : init(Producer.NO_ID, Producer.NO_EPOCH);
        Decision decision = Initialization.decide(ours, request, nextId, nowMs);
        if (ours.state() instanceof Prepare) {
            assertThat(decision).isEqualTo(Decision.refuse(ErrorCode.CONCURRENT_TRANSACTIONS));
        } else if (ours.state() instanceof Ongoing) {
            ours = ((Change) decision).next();
            fenceTheirs();
        } else {
            raise(decision, names ? Optional.of(epoch) : Optional.empty());
        }
    }

    /** As Kafka 3.9 does it: the epoch of the fence is set, and the transaction aborted in it. */
    private void fenceTheirs() {
        short fenced = theirs.prepareFenceProducerEpoch().producerEpoch();
        theirs.pendingState(Optional.empty());
        theirs.setProducerEpoch(fenced);
        theirs.setLastProducerEpoch((short) -1);
        TransactionVersion client = theirs.clientTransactionVersion();
        theirs.completeTransitionTo(
                theirs.prepareAbortOrCommit(prepare(Outcome.ABORT), TransactionVersion.TV_0, -1, nowMs, false));
        theirs.clientTransactionVersion(client);
    }

    private void raise(Decision decision, Optional<Short> expected) {
        boolean exhausted = theirs.isProducerEpochExhausted();
        if (exhausted
                && expected.filter(epoch -> epoch != theirs.producerEpoch()).isPresent()) {
            return; // Kafka fails at that.
        }
        if (exhausted) {
            theirs.completeTransitionTo(theirs.prepareProducerIdRotation(nextId, 60_000, nowMs, expected.isPresent()));
            ours = ((Change) decision).next();
            nextId++;
            return;
        }
        TxnTransitMetadata next;
        try {
            next = theirs.prepareIncrementProducerEpoch(60_000, expected, nowMs);
        } catch (ProducerFencedException e) {
            assertThat(decision).isEqualTo(Decision.refuse(ErrorCode.PRODUCER_FENCED));
            return;
        }
        Change change = (Change) decision;
        assertThat(change.verdict()).isEqualTo(Transactions.goOnAs(next.producerId(), next.producerEpoch()));
        theirs.completeTransitionTo(next);
        ours = change.next();
    }

    private void add() {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            partitions.add(new TopicPartition("t" + random.nextInt(2), random.nextInt(3)));
        }
        short version = random.nextBoolean() ? Transactions.V1 : Transactions.V2;
        Decision decision =
                Participation.add(ours, ours.producer().id(), ours.producer().epoch(), partitions, version, nowMs);
        if (decision instanceof Change change) {
            ours = change.next();
            theirs.completeTransitionTo(theirs.prepareAddPartitions(
                    kafkas(partitions), nowMs, TransactionVersion.fromFeatureLevel(version)));
        }
    }

    private void end() {
        if (ours.state() instanceof Prepare) {
            ours = Ending.completed(ours, nowMs);
            theirs.completeTransitionTo(theirs.prepareComplete(nowMs));
            return;
        }
        short version = Transaction.epochEach(ours.clientVersion()) ? Transactions.V2 : Transactions.V1;
        Outcome outcome = random.nextBoolean() ? Outcome.COMMIT : Outcome.ABORT;
        boolean open = ours.state() instanceof Ongoing;
        Producer producer = ours.producer();
        Decision decision =
                Ending.end(ours, new Ending.Request(producer.id(), producer.epoch(), outcome, version), nextId, nowMs);
        if (decision instanceof Change change) {
            ours = change.next();
            boolean newId = ours.producer().nextId() == nextId;
            theirs.completeTransitionTo(theirs.prepareAbortOrCommit(
                    prepare(outcome),
                    TransactionVersion.fromFeatureLevel(version),
                    newId ? nextId++ : -1,
                    nowMs,
                    !open));
        }
    }

    private static org.apache.kafka.coordinator.transaction.TransactionState prepare(Outcome outcome) {
        return outcome == Outcome.COMMIT
                ? org.apache.kafka.coordinator.transaction.TransactionState.PREPARE_COMMIT
                : org.apache.kafka.coordinator.transaction.TransactionState.PREPARE_ABORT;
    }

    private static Set<org.apache.kafka.common.TopicPartition> kafkas(SortedSet<TopicPartition> partitions) {
        Set<org.apache.kafka.common.TopicPartition> theirs = new HashSet<>();
        partitions.forEach(id -> theirs.add(new org.apache.kafka.common.TopicPartition(id.topic(), id.partition())));
        return theirs;
    }

    private void assertSame(String where) {
        String what = "seed " + seed + ", " + where + ": " + ours + " beside " + theirs;
        assertThat(ours.state().status().text())
                .as(what)
                .isEqualTo(theirs.state().stateName());
        assertThat(kafkas(ours.state().partitions())).as(what).isEqualTo(Set.copyOf(theirs.topicPartitions()));
        assertThat(ours.state().startMs()).as(what).isEqualTo(theirs.txnStartTimestamp());
        assertThat(ours.lastUpdateMs()).as(what).isEqualTo(theirs.txnLastUpdateTimestamp());
        assertThat(ours.producer().id()).as(what).isEqualTo(theirs.producerId());
        assertThat(ours.producer().epoch()).as(what).isEqualTo(theirs.producerEpoch());
        assertThat(ours.producer().lastEpoch()).as(what).isEqualTo(theirs.lastProducerEpoch());
        assertThat(ours.producer().previousId()).as(what).isEqualTo(theirs.prevProducerId());
        assertThat(ours.clientVersion())
                .as(what)
                .isEqualTo(theirs.clientTransactionVersion().featureLevel());
    }
}
