package io.odradek.core.request;

import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.PendingVerifications.Pending;
import io.odradek.core.verification.TransactionQuestion;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.ValidatedRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one Produce request asks of its transaction's coordinator. All that the parts find when they first look at their batches
 * makes one question, however many partitions and owners there are: each is a round trip to the coordinator, and with transactions
 * v2 a record of its log. What they find later (behind a large batch, or behind an earlier request) is asked as it is found.
 * Thread-safe.
 */
final class ProduceQuestions {
    private static final Logger LOG = LoggerFactory.getLogger(ProduceQuestions.class);

    private static final SortedMap<TopicPartition, ErrorCode> LATER =
            Collections.unmodifiableSortedMap(new TreeMap<>());

    private final ProduceInFlight request;
    private final ProduceVerification verification;
    private List<FirstBatch> gathered = new ArrayList<>();
    private int ahead = 1;

    /**
     * A producer's first batch of a transaction for a partition.
     *
     * @param part whose loop it is taken on
     * @param index its place among those of the part
     * @param pending keeps the producer's next ones behind it
     */
    record FirstBatch(ProducePart part, int index, Partition partition, ValidatedRecords valid, Pending pending) {
        private boolean isOfProducer(long producerId, short epoch) {
            ByteBuffer batch = valid.records();
            return RecordBatch.producerId(batch, batch.position()) == producerId
                    && RecordBatch.producerEpoch(batch, batch.position()) == epoch;
        }
    }

    ProduceQuestions(ProduceInFlight request, ProduceVerification verification) {
        this.request = request;
        this.verification = verification;
    }

    /** There is one part more that is going to look at its batches; before any does. */
    void expectPart() {
        ahead++;
    }

    synchronized void add(FirstBatch first) {
        gathered.add(first);
    }

    /** A part has looked at its batches for the first time. */
    synchronized void partHasLooked() {
        ahead--;
    }

    /** All parts have been handed to their owners, by the calling thread, which is a processor's. */
    void partsAreOut() {
        partHasLooked();
        ask(OwnerLoop::execute);
    }

    /** A part has taken a step: asks, unless others have not looked yet. */
    void ask() {
        ask(OwnerLoop::post);
    }

    private synchronized List<FirstBatch> due() {
        if (ahead > 0 || gathered.isEmpty()) {
            return List.of();
        }
        List<FirstBatch> due = gathered;
        gathered = new ArrayList<>();
        return due;
    }

    /** @param way to an owner's loop from this thread, for an answer that comes at once */
    private void ask(BiConsumer<OwnerLoop, Runnable> way) {
        List<FirstBatch> left = due();
        while (!left.isEmpty()) {
            ByteBuffer batch = left.get(0).valid().records();
            long producerId = RecordBatch.producerId(batch, batch.position());
            short epoch = RecordBatch.producerEpoch(batch, batch.position());
            List<FirstBatch> same = new ArrayList<>(left.size());
            List<FirstBatch> others = new ArrayList<>();
            left.forEach(first -> (first.isOfProducer(producerId, epoch) ? same : others).add(first));
            ask(producerId, epoch, same, way);
            left = others;
        }
    }

    private void ask(long producerId, short epoch, List<FirstBatch> all, BiConsumer<OwnerLoop, Runnable> way) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        all.forEach(first -> partitions.add(first.partition().id()));
        boolean adds = ProduceVerification.adds(request.version());
        var question = new TransactionQuestion(request.transactionalId(), producerId, epoch, partitions, adds);
        AtomicReference<SortedMap<TopicPartition, ErrorCode>> answer = new AtomicReference<>();
        try {
            verification.ask(question, all.get(0).part().owner().loop(), errors -> {
                if (!answer.compareAndSet(null, errors)) {
                    tell(all, errors, OwnerLoop::post);
                }
            });
        } catch (RuntimeException e) {
            // The parts would be in work for ever, and the producer's later batches behind them.
            LOG.error("The coordinator of a transaction cannot be asked", e);
            answer.compareAndSet(null, question.all(ErrorCode.UNKNOWN_SERVER_ERROR));
        }
        if (!answer.compareAndSet(null, LATER)) {
            tell(all, answer.get(), way);
        }
    }

    private static void tell(
            List<FirstBatch> all, SortedMap<TopicPartition, ErrorCode> errors, BiConsumer<OwnerLoop, Runnable> way) {
        Map<ProducePart, List<FirstBatch>> byPart = new LinkedHashMap<>();
        all.forEach(first -> byPart.computeIfAbsent(first.part(), part -> new ArrayList<>(all.size()))
                .add(first));
        byPart.forEach((part, batches) -> way.accept(part.owner().loop(), () -> part.verified(batches, errors)));
    }
}
