package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.producer.CompletedTransaction;
import io.odradek.storage.producer.ProducerState;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the batches of segments into a producer state once more, and sees to it that each segment's transaction index says
 * what the batches say: entries that are missing are added, others than those of the batches give way.
 */
final class ProducerReplay {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerReplay.class);

    private final LogState log;
    private final ProducerState producers;
    private final Target target;
    private LogSegment segment;

    /** Is told of the aborted transactions, segment by segment. */
    interface Target {
        /** {@return whether even headers are believed only if the checksum of their batch is right} */
        boolean thorough();

        /** Begins with a segment, at the batch that holds an offset. */
        void begin(LogSegment segment, long from) throws IOException;

        /** A transaction was aborted, after those before. */
        void put(AbortedTransaction aborted) throws IOException;

        /** Ends with a segment. */
        void end() throws IOException;

        /** Something that is no batch ends the way through a segment before its end. */
        void broken(DamagedSegmentException damage) throws IOException;
    }

    /** @param producers the state as of the first batch to come */
    ProducerReplay(LogState log, ProducerState producers) {
        this(log, producers, new Correction(log));
    }

    /** Tells a target of the transactions, and leaves the segments' indexes alone. */
    ProducerReplay(LogState log, ProducerState producers, Target target) {
        this.log = log;
        this.producers = producers;
        this.target = target;
    }

    /** Takes in what lies between two offsets; the second is the end of the log, or the base offset of a segment. */
    void replay(long from, long to) throws IOException {
        BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES));
        LogSegment[] segments = log.segments.all();
        for (int i = Math.max(0, log.segments.floorIndex(from)); i < segments.length; i++) {
            if (segments[i].baseOffset() >= to) {
                return;
            }
            long first = Math.max(from, segments[i].baseOffset());
            begin(segments[i], first);
            DamagedSegmentException damage = walk(segments[i], scanner, first, to);
            if (damage == null) {
                end();
            } else {
                target.broken(damage);
            }
        }
    }

    /** {@return what is wrong where the walk ended, null if it came to the end} */
    private DamagedSegmentException walk(LogSegment walked, BatchScanner scanner, long first, long to)
            throws IOException {
        try {
            boolean found = walked.seek(scanner, first);
            while (found && RecordBatch.baseOffset(scanner.buffer(), scanner.at()) < to) {
                take(scanner);
                found = scanner.next();
            }
            if (found) {
                walked.lookup().confirmOffsets(scanner);
            } else {
                walked.requireWhole();
            }
        } catch (DamagedSegmentException e) {
            return e;
        }
        return scanner.problem() == null ? null : damaged(scanner, scanner.problem());
    }

    /** Begins with a segment, at the batch that holds an offset. */
    void begin(LogSegment newSegment, long from) throws IOException {
        segment = newSegment;
        target.begin(newSegment, from);
    }

    /**
     * Takes in the current batch of a scanner.
     *
     * @throws DamagedSegmentException if it is a transaction marker that cannot be read
     */
    void take(BatchScanner scanner) throws IOException {
        ByteBuffer buffer = scanner.buffer();
        boolean control = RecordBatch.isControl(buffer, scanner.at());
        if ((control || target.thorough()) && !scanner.hasValidCrc()) {
            throw damaged(scanner, scanner.problem());
        }
        if (!RecordBatch.hasProducerId(buffer, scanner.at())) {
            return;
        }
        if (control && !scanner.loadWhole()) {
            throw damaged(scanner, "a control batch has " + scanner.sizeBytes() + " bytes");
        }
        try {
            CompletedTransaction completed = producers.update(buffer, scanner.at());
            if (completed != null && completed.aborted()) {
                target.put(AbortedTransaction.of(completed));
            }
        } catch (ApiException e) {
            throw damaged(scanner, e.getMessage());
        }
    }

    private DamagedSegmentException damaged(BatchScanner scanner, String why) {
        return new DamagedSegmentException(log.id + ": segment " + segment.baseOffset() + " is damaged at byte "
                + scanner.position() + ": " + why);
    }

    /** Ends with a segment: what its index still has is of no batch. What was changed is forced to the disk. */
    void end() throws IOException {
        target.end();
    }

    /** Corrects the segments' own indexes. */
    private static final class Correction implements Target {
        private final LogState log;
        private LogSegment segment;
        private TransactionIndex index;
        private int slot;
        private boolean grown;

        private Correction(LogState log) {
            this.log = log;
        }

        @Override
        public boolean thorough() {
            return false;
        }

        @Override
        public void begin(LogSegment newSegment, long from) throws IOException {
            segment = newSegment;
            index = newSegment.transactionIndex();
            slot = index.entriesBefore(from);
            grown = false;
        }

        @Override
        public void put(AbortedTransaction aborted) throws IOException {
            if (slot < index.entries() && !index.entry(slot).equals(aborted)) {
                cut();
            }
            if (slot == index.entries()) {
                grown = true;
                index.append(aborted);
                log.names.changed();
            }
            slot++;
        }

        @Override
        public void end() throws IOException {
            if (slot < index.entries()) {
                cut();
            }
            index.force();
            if (grown) {
                // The segment may lie below the recovery point, and nobody would force its names again.
                log.names.force();
            }
        }

        /** What comes after the damage may have been aborted: the index keeps what it says of it. */
        @Override
        public void broken(DamagedSegmentException damage) throws IOException {
            LOGGER.error("{}; its producers from there on are not known", damage.getMessage());
            index.force();
        }

        private void cut() throws IOException {
            LOGGER.warn(
                    "{}: {} of {} entries of the transaction index of segment {} are not of its batches",
                    log.id,
                    index.entries() - slot,
                    index.entries(),
                    segment.baseOffset());
            index.truncateEntries(slot);
        }
    }
}
