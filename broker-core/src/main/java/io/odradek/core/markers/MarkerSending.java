package io.odradek.core.markers;

import io.odradek.core.coordinator.transaction.EndedTransaction;
import io.odradek.core.coordinator.transaction.Outcome;
import io.odradek.core.coordinator.transaction.TransactionMarkers;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.ControlRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The markers of one transaction on their way. Answers come on the loops of partitions and connections, so what is left is
 * guarded by a lock, under which nobody is called.
 *
 * <pre>
 *                       written, or the partition is gone, and was so when it was looked for again and again
 *   each partition  ---------------------------------------> done    all of them: told NONE
 *      ^    |  no leader, no answer, refused for now
 *      |    v
 *      +- waiting         a later coordinator was there:  told so, and all ends
 * </pre>
 */
final class MarkerSending implements TransactionMarkers.Writing {
    private static final long FIRST_RETRY_MS = 20;
    private static final long LAST_RETRY_MS = 1_000;

    private final MarkerSender sender;
    private final TransactionMarker marker;
    private final Consumer<ErrorCode> done;
    private final TreeSet<TopicPartition> left;
    private final List<TopicPartition> waiting = new ArrayList<>();
    private long retryMs = FIRST_RETRY_MS;
    private volatile boolean ended;

    MarkerSending(MarkerSender sender, EndedTransaction transaction, Consumer<ErrorCode> done) {
        this.sender = sender;
        ControlRecord.Type type =
                transaction.outcome() == Outcome.COMMIT ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT;
        this.marker = new TransactionMarker(
                transaction.producerId(),
                transaction.producerEpoch(),
                new ControlRecord(type, transaction.coordinatorEpoch()),
                transaction.raisesEpoch());
        this.left = new TreeSet<>(transaction.partitions());
        this.done = done;
    }

    void start() {
        write(List.copyOf(left));
    }

    private void write(Collection<TopicPartition> partitions) {
        boolean patient = isPatient();
        for (TopicPartition id : partitions) {
            boolean gone = sender.isGone(id);
            MarkerWay way = gone ? null : sender.wayTo(id);
            if (gone && patient) {
                written(id);
            } else if (way == null) {
                again(id);
            } else {
                way.write(id, marker, () -> ended, error -> answered(id, error));
            }
        }
    }

    /** {@return whether this has gone on for so long that what this broker has not heard of yet would be known to it} */
    private synchronized boolean isPatient() {
        return retryMs == LAST_RETRY_MS;
    }

    private void answered(TopicPartition id, ErrorCode error) {
        switch (error) {
            // A partition of records that know no transactions has none to end.
            case NONE, UNSUPPORTED_FOR_MESSAGE_FORMAT, UNSUPPORTED_VERSION -> written(id);
            case TRANSACTION_COORDINATOR_FENCED, INVALID_PRODUCER_EPOCH -> end(error);
            default -> again(id);
        }
    }

    private void written(TopicPartition id) {
        boolean last;
        synchronized (this) {
            last = left.remove(id) && left.isEmpty();
        }
        if (last) {
            end(ErrorCode.NONE);
        }
    }

    private void end(ErrorCode error) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        done.accept(error);
    }

    /** All that wait are tried again together. */
    private void again(TopicPartition id) {
        long delayMs;
        synchronized (this) {
            waiting.add(id);
            if (ended || waiting.size() > 1) {
                return;
            }
            delayMs = retryMs;
            retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
        }
        sender.later(delayMs, this::writeAgain);
    }

    private void writeAgain() {
        List<TopicPartition> due;
        synchronized (this) {
            due = List.copyOf(waiting);
            waiting.clear();
        }
        if (!ended) {
            write(due);
        }
    }

    @Override
    public synchronized void stop() {
        ended = true;
    }
}
