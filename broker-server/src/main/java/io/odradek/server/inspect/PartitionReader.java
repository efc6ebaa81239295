package io.odradek.server.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchResponse.AbortedTransaction;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.legacy.LegacyCursor;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * Reads a partition once, from an offset on. Below the last stable offset the leader tells which transactions were
 * aborted; beyond it a record stands {@code OPEN} until the marker of its producer is found.
 */
final class PartitionReader {
    private static final int MOST_INFLATED_BYTES = 1 << 28;
    /** Of a message of an older format: a record in it is held whole. */
    private static final int MOST_INFLATED_MESSAGE_BYTES = 1 << 25;

    private static final int MOST_MARKER_BYTES = 1 << 16;
    private static final int LEAST_KEPT_BYTES = 64;
    private static final long LOOK_FURTHER_BYTES = 4 << 20;

    private final TopicPartition partition;
    private final PartitionFetch fetch;
    private final int mostRecords;
    private final long mostBytes;
    private final int mostHeldBytes;
    private final List<StoredRecord> records = new ArrayList<>();
    private final Map<Long, List<Integer>> open = new HashMap<>();
    private long next;
    private long pageEnd = -1;
    private long keptBytes;
    private StoredPartition.Span span;

    /**
     * @param from the first offset
     * @param mostRecords after which the page ends
     * @param mostBytes of keys and values, after which it ends too
     * @param mostHeldBytes a compressed record that is larger is not looked at
     */
    PartitionReader(
            Questions questions,
            TopicPartition partition,
            long from,
            int mostRecords,
            long mostBytes,
            int mostHeldBytes) {
        this.partition = partition;
        this.fetch = new PartitionFetch(questions, partition, mostBytes);
        this.next = from;
        this.mostRecords = mostRecords;
        this.mostBytes = mostBytes;
        this.mostHeldBytes = mostHeldBytes;
    }

    /** {@return the page} */
    RecordPage read() {
        readStable();
        if (pageEnd < 0) {
            readRest();
        }
        return new RecordPage(List.copyOf(records), pageEnd >= 0 ? pageEnd : next, span);
    }

    /** {@return the page up to the last stable offset, which will never change} */
    RecordPage readCommitted() {
        readStable();
        return new RecordPage(List.copyOf(records), pageEnd >= 0 ? pageEnd : next, span);
    }

    private void readStable() {
        while (pageEnd < 0) {
            PartitionFetch.Fetched fetched = fetch.fetch(next, true);
            span = fetched.span();
            Aborted aborted = new Aborted(fetched.data().abortedTransactions());
            long before = next;
            walk(fetched.batches(), (buffer, at, keep) -> keep(buffer, at, aborted.state(buffer, at), keep));
            if (next == before) {
                next = Math.max(next, span.stable());
                return;
            }
        }
    }

    /** Also goes on a little beyond the page's end, for the markers of the transactions in it. */
    private void readRest() {
        long furtherBytes = 0;
        while (pageEnd < 0 || !open.isEmpty() && furtherBytes < LOOK_FURTHER_BYTES) {
            PartitionFetch.Fetched fetched = fetch.fetch(next, false);
            span = fetched.span();
            long before = next;
            walk(fetched.batches(), this::keepUndecided);
            furtherBytes += pageEnd < 0 ? 0 : fetched.batches().limit();
            if (next == before) {
                next = Math.max(next, span.end());
                return;
            }
        }
    }

    private interface BatchKeeper {
        void keep(ByteBuffer buffer, int at, boolean keep);
    }

    private void walk(ByteBuffer batches, BatchKeeper keeper) {
        try {
            FetchedEntries walk = new FetchedEntries(batches);
            while (walk.next()) {
                if (walk.isMessage()) {
                    keepMessage(batches, walk.position());
                } else {
                    keeper.keep(batches, walk.position(), pageEnd < 0);
                }
                next = Math.max(next, walk.nextOffset());
            }
        } catch (ApiException | UncheckedIOException damaged) {
            throw new InspectionException(
                    partition + " cannot be read at offset " + next + ": " + damaged.getMessage(), damaged);
        }
    }

    private void keepUndecided(ByteBuffer buffer, int at, boolean keep) {
        long producer = RecordBatch.producerId(buffer, at);
        if (RecordBatch.isControl(buffer, at)) {
            decide(producer, marker(buffer, at));
            keep(buffer, at, TransactionState.NONE, keep);
        } else if (RecordBatch.isTransactional(buffer, at)) {
            int first = records.size();
            keep(buffer, at, TransactionState.OPEN, keep);
            for (int i = first; i < records.size(); i++) {
                open.computeIfAbsent(producer, id -> new ArrayList<>()).add(i);
            }
        } else {
            keep(buffer, at, TransactionState.NONE, keep);
        }
    }

    private void decide(long producer, TransactionState marker) {
        boolean ends = marker == TransactionState.COMMIT_MARKER || marker == TransactionState.ABORT_MARKER;
        List<Integer> decided = ends ? open.remove(producer) : null;
        if (decided != null) {
            TransactionState state =
                    marker == TransactionState.COMMIT_MARKER ? TransactionState.COMMITTED : TransactionState.ABORTED;
            decided.forEach(i -> records.set(i, records.get(i).in(state)));
        }
    }

    private void keep(ByteBuffer buffer, int at, TransactionState state, boolean keep) {
        if (!keep) {
            return;
        }
        boolean control = RecordBatch.isControl(buffer, at);
        try (RecordCursor cursor = new RecordCursor().holdAtMost(mostHeldBytes).open(buffer, at, MOST_INFLATED_BYTES)) {
            while (pageEnd < 0 && cursor.next()) {
                if (cursor.offset() >= next) {
                    records.add(record(cursor, control ? marker(cursor) : state));
                    kept(cursor.offset(), cursor.isTooLarge() ? LEAST_KEPT_BYTES : cursor.sizeBytes());
                }
            }
        }
    }

    private void keepMessage(ByteBuffer buffer, int at) {
        if (pageEnd >= 0) {
            return;
        }
        try (LegacyCursor cursor = new LegacyCursor().open(buffer, at, MOST_INFLATED_MESSAGE_BYTES)) {
            while (pageEnd < 0 && cursor.next()) {
                if (cursor.offset() >= next) {
                    records.add(new StoredRecord(
                            partition.partition(),
                            cursor.offset(),
                            cursor.timestampMs(),
                            bytes(cursor.key()),
                            bytes(cursor.value()),
                            List.of(),
                            TransactionState.NONE));
                    kept(cursor.offset(), Math.max(0, cursor.keySize()) + Math.max(0, cursor.valueSize()));
                }
            }
        }
    }

    private void kept(long offset, long sizeBytes) {
        keptBytes += sizeBytes;
        if (records.size() >= mostRecords || keptBytes >= mostBytes) {
            pageEnd = offset + 1;
        }
    }

    private StoredRecord record(RecordCursor cursor, TransactionState state) {
        if (cursor.isTooLarge()) {
            return new StoredRecord(
                    partition.partition(),
                    cursor.offset(),
                    cursor.timestampMs(),
                    null,
                    null,
                    List.of(),
                    state,
                    new StoredRecord.TooLarge(cursor.keySize(), cursor.valueSize(), cursor.headerCount()));
        }
        List<StoredHeader> headers = new ArrayList<>(cursor.headerCount());
        while (cursor.nextHeader()) {
            headers.add(new StoredHeader(new String(bytes(cursor.headerKey()), UTF_8), bytes(cursor.headerValue())));
        }
        return new StoredRecord(
                partition.partition(),
                cursor.offset(),
                cursor.timestampMs(),
                bytes(cursor.key()),
                bytes(cursor.value()),
                List.copyOf(headers),
                state);
    }

    private static byte[] bytes(ByteBuffer view) {
        if (view == null) {
            return null;
        }
        byte[] copy = new byte[view.remaining()];
        view.get(copy);
        return copy;
    }

    private static TransactionState marker(ByteBuffer buffer, int at) {
        try (RecordCursor cursor =
                new RecordCursor().holdAtMost(MOST_MARKER_BYTES).open(buffer, at, MOST_INFLATED_BYTES)) {
            return cursor.next() ? marker(cursor) : TransactionState.OTHER_MARKER;
        }
    }

    private static TransactionState marker(RecordCursor cursor) {
        if (cursor.isTooLarge()) {
            return TransactionState.OTHER_MARKER;
        }
        ControlRecord marker = ControlRecord.read(cursor);
        if (marker == null) {
            return TransactionState.OTHER_MARKER;
        }
        return marker.type() == ControlRecord.Type.COMMIT
                ? TransactionState.COMMIT_MARKER
                : TransactionState.ABORT_MARKER;
    }

    /** The aborted transactions of one answer, as a read_committed consumer goes through them. */
    private static final class Aborted {
        private final Queue<AbortedTransaction> ahead = new ArrayDeque<>();
        private final Set<Long> producers = new HashSet<>();

        Aborted(List<AbortedTransaction> transactions) {
            if (transactions != null) {
                transactions.stream()
                        .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                        .forEach(ahead::add);
            }
        }

        /** {@return the state of the records of the next batch} */
        TransactionState state(ByteBuffer buffer, int at) {
            while (!ahead.isEmpty() && ahead.peek().firstOffset() <= RecordBatch.lastOffset(buffer, at)) {
                producers.add(ahead.remove().producerId());
            }
            long producer = RecordBatch.producerId(buffer, at);
            if (RecordBatch.isControl(buffer, at)) {
                if (marker(buffer, at) == TransactionState.ABORT_MARKER) {
                    producers.remove(producer);
                }
                return TransactionState.NONE;
            }
            if (!RecordBatch.isTransactional(buffer, at)) {
                return TransactionState.NONE;
            }
            return producers.contains(producer) ? TransactionState.ABORTED : TransactionState.COMMITTED;
        }
    }
}
