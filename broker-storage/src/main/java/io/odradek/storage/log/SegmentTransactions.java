package io.odradek.storage.log;

import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.producer.ProducerSnapshot;
import io.odradek.storage.producer.ProducerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads from the batches which transactions were aborted in a segment, and changes nothing. */
final class SegmentTransactions {
    private final LogState log;

    SegmentTransactions(LogState log) {
        this.log = log;
    }

    /** Is given the aborted transactions, by the offsets of their markers. */
    interface Sink {
        void take(AbortedTransaction aborted) throws IOException;
    }

    /**
     * Reads them, from the newest producer snapshot on that is not of a later offset than the segment's.
     *
     * @param endOffset where the segment ends
     * @param thorough whether the checksums of all batches are compared
     * @throws DamagedSegmentException if not all of the batches can be read
     */
    void of(LogSegment segment, long endOffset, boolean thorough, Sink sink) throws IOException {
        ProducerState producers = new ProducerState(log.context.producers().maxCount());
        long from = loadBefore(segment, producers);
        new ProducerReplay(log, producers, new OneSegment(segment, thorough, sink)).replay(from, endOffset);
    }

    /** {@return the offset as of which producers were found in a snapshot} */
    private long loadBefore(LogSegment segment, ProducerState producers) throws IOException {
        LogFileSystem files = log.context.files();
        long first = log.segments.first().baseOffset();
        List<String> names = files.list(log.folder);
        for (int i = names.size() - 1; i >= 0; i--) {
            long offset = LogFileNames.offset(names.get(i));
            Path path = log.folder.resolve(names.get(i));
            if (LogFileNames.is(names.get(i), LogFileNames.PRODUCER_SNAPSHOT)
                    && offset <= segment.baseOffset()
                    && ProducerSnapshot.read(files, path, producers)) {
                return Math.max(offset, first);
            }
        }
        return first;
    }

    private static final class OneSegment implements ProducerReplay.Target {
        private final LogSegment segment;
        private final boolean thorough;
        private final Sink sink;
        private boolean inside;

        private OneSegment(LogSegment segment, boolean thorough, Sink sink) {
            this.segment = segment;
            this.thorough = thorough;
            this.sink = sink;
        }

        @Override
        public boolean thorough() {
            return thorough;
        }

        @Override
        public void begin(LogSegment next, long from) {
            inside = next == segment;
        }

        @Override
        public void put(AbortedTransaction aborted) throws IOException {
            if (inside) {
                sink.take(aborted);
            }
        }

        @Override
        public void end() {
            inside = false;
        }

        @Override
        public void broken(DamagedSegmentException damage) throws IOException {
            throw damage;
        }
    }
}
