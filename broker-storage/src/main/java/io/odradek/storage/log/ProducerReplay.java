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
    private LogSegment segment;
    private TransactionIndex index;
    private int slot;

    /** @param producers the state as of the first batch to come */
    ProducerReplay(LogState log, ProducerState producers) {
        this.log = log;
        this.producers = producers;
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
            boolean found = segments[i].seek(scanner, first);
            while (found && RecordBatch.baseOffset(scanner.buffer(), scanner.at()) < to) {
                take(scanner);
                found = scanner.next();
            }
            end();
        }
    }

    /** Begins with a segment, at the batch that holds an offset. */
    void begin(LogSegment newSegment, long from) throws IOException {
        segment = newSegment;
        index = newSegment.transactionIndex();
        slot = index.entriesBefore(from);
    }

    /**
     * Takes in the current batch of a scanner.
     *
     * @throws DamagedSegmentException if it is a transaction marker that cannot be read
     */
    void take(BatchScanner scanner) throws IOException {
        ByteBuffer buffer = scanner.buffer();
        if (!RecordBatch.hasProducerId(buffer, scanner.at())) {
            return;
        }
        if (RecordBatch.isControl(buffer, scanner.at()) && !(scanner.hasValidCrc() && scanner.loadWhole())) {
            throw damaged(scanner, "a control batch has a wrong checksum or size");
        }
        try {
            CompletedTransaction completed = producers.update(buffer, scanner.at());
            if (completed != null && completed.aborted()) {
                put(AbortedTransaction.of(completed));
            }
        } catch (ApiException e) {
            throw damaged(scanner, e.getMessage());
        }
    }

    private DamagedSegmentException damaged(BatchScanner scanner, String why) {
        return new DamagedSegmentException(log.id + ": segment " + segment.baseOffset() + " is damaged at byte "
                + scanner.position() + ": " + why);
    }

    private void put(AbortedTransaction aborted) throws IOException {
        if (slot < index.entries() && !index.entry(slot).equals(aborted)) {
            cut();
        }
        if (slot == index.entries()) {
            log.namesUnforced = true;
            index.append(aborted);
        }
        slot++;
    }

    /** Ends with a segment: what its index still has is of no batch. What was changed is forced to the disk. */
    void end() throws IOException {
        if (slot < index.entries()) {
            cut();
        }
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
