package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import java.io.IOException;

/**
 * Finds batches of one segment by offset and by time. An entry of an index is a claim about a batch, and is believed only
 * once the header of that batch agrees; where it does not, or where the way from the last entry is longer than the index
 * interval explains, the indexes are built again and the look-up goes on.
 */
final class SegmentLookup {
    private static final long FAR_BYTES = 1 << 20;
    private static final int FAR_INTERVALS = 64;
    private static final int MOST_TRIES = 64;

    private enum Walk {
        FOUND,
        NOT_FOUND,
        NOT_AS_INDEXED,
        TOO_FAR
    }

    private final LogSegment segment;
    /** Of the batch before the one that a walk ended with, -1 if it was the first one. */
    private long previousPosition;

    SegmentLookup(LogSegment segment) {
        this.segment = segment;
    }

    /**
     * Puts the scanner on the first batch that ends at or after an offset.
     *
     * @return false if the segment has none
     * @throws DamagedSegmentException if something else than batches with growing offsets is on the way
     */
    boolean seek(BatchScanner scanner, long offset) throws IOException {
        Walk walk = walkAsIndexed(scanner, offset);
        if (walk == Walk.NOT_AS_INDEXED || walk == Walk.TOO_FAR) {
            boolean rebuilt = segment.rebuildIndexesIfWhole(
                    walk == Walk.TOO_FAR ? "entries are missing" : "an entry does not agree with the batches");
            walk = rebuilt ? walk(scanner, offset) : walkFromEarlier(scanner, offset);
        }
        if (scanner.problem() != null) {
            throw segment.damaged(scanner);
        }
        if (walk == Walk.NOT_AS_INDEXED) {
            throw new DamagedSegmentException(segment.path() + " changes while it is read");
        }
        boolean found = walk == Walk.FOUND;
        if (found) {
            confirmOffsets(scanner);
        }
        boolean inGap = found
                ? scanner.afterGap() && offset < RecordBatch.baseOffset(scanner.buffer(), scanner.at())
                : offset < segment.nextBaseOffset() && segment.nextBaseOffset() != Long.MAX_VALUE;
        if (inGap && !found) {
            segment.requireWhole();
        }
        return inGap && previousPosition >= 0 ? checkPrevious(scanner) : found;
    }

    /** Fails if the scanner's batch follows a gap, and has offsets that what comes after it does not agree with. */
    void confirmOffsets(BatchScanner scanner) throws IOException {
        if (!scanner.settleOffsets() || scanner.afterGap() && !scanner.offsetsFit(segment.nextBaseOffset())) {
            throw new DamagedSegmentException(segment.path() + " is damaged at byte " + scanner.position()
                    + ": the batch's offsets reach into those of another one");
        }
    }

    /** An offset that no batch has was taken by cleaning, or the batch before it says too little of itself. */
    private boolean checkPrevious(BatchScanner scanner) throws IOException {
        scanner.start(segment.file(), previousPosition, segment.sizeBytes()).next();
        if (!scanner.hasValidCrc()) {
            throw segment.damaged(scanner);
        }
        return scanner.next();
    }

    private Walk walkAsIndexed(BatchScanner scanner, long offset) throws IOException {
        try {
            return walk(scanner, offset);
        } catch (LostIndexException e) {
            return Walk.NOT_AS_INDEXED;
        }
    }

    private Walk walk(BatchScanner scanner, long offset) throws IOException {
        return walk(scanner, offset, segment.offsetIndex().floorSlotOf(offset), !segment.indexesBuilt());
    }

    /** In a damaged segment an entry may be of the damaged batch: one before it leads there, or to it. */
    private Walk walkFromEarlier(BatchScanner scanner, long offset) throws IOException {
        int floor = segment.offsetIndex().floorSlotOf(offset);
        for (int slot = floor; slot > Math.max(-1, floor - MOST_TRIES); slot--) {
            Walk walk = walk(scanner, offset, slot, false);
            if (walk != Walk.NOT_AS_INDEXED) {
                return walk;
            }
        }
        return walk(scanner, offset, -1, false);
    }

    private Walk walk(BatchScanner scanner, long offset, int slot, boolean bounded) throws IOException {
        OffsetIndex index = segment.offsetIndex();
        long from = slot < 0 ? 0 : index.position(slot);
        scanner.start(segment.file(), from, segment.sizeBytes());
        boolean found;
        if (slot < 0) {
            found = scanner.expect(segment.baseOffset()).next();
        } else if (confirm(scanner, from, segment.baseOffset() + index.key(slot))) {
            found = true;
        } else {
            return Walk.NOT_AS_INDEXED;
        }
        long far = bounded ? from + scanner.sizeBytes() + farBytes() : Long.MAX_VALUE;
        previousPosition = -1;
        while (found && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) < offset) {
            previousPosition = scanner.position();
            found = scanner.next();
            if (scanner.position() > far) {
                return Walk.TOO_FAR;
            }
        }
        return found ? Walk.FOUND : Walk.NOT_FOUND;
    }

    private long farBytes() {
        return Math.max(FAR_BYTES, (long) FAR_INTERVALS * segment.indexIntervalBytes());
    }

    /**
     * An entry has the position where an append begins and the offset where it ends; it may have been of several batches, of
     * which the last ends at exactly that offset. Kafka before 1.0 has noted where the append begins, which old messages show.
     * {@return whether that is so; the scanner is on that batch then}
     */
    private boolean confirm(BatchScanner scanner, long from, long indexedOffset) throws IOException {
        if (from < 0 || from >= segment.sizeBytes()) {
            return false;
        }
        scanner.expectAtLeast(segment.baseOffset());
        boolean found = scanner.next();
        if (found && scanner.isLegacy() && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) > indexedOffset) {
            scanner.settleOffsets();
            return RecordBatch.baseOffset(scanner.buffer(), scanner.at()) <= indexedOffset;
        }
        while (found && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) < indexedOffset) {
            found = scanner.next();
        }
        return found && RecordBatch.lastOffset(scanner.buffer(), scanner.at()) == indexedOffset;
    }

    /** {@return the position of the first batch that ends at or after an offset; the size if there is none} */
    long positionOf(BatchScanner scanner, long offset) throws IOException {
        return seek(scanner, offset) ? scanner.position() : segment.sizeBytes();
    }

    /** As {@link #seek}, but passes over what is damaged, and tells of it. */
    boolean seekReadable(BatchScanner scanner, long offset) throws IOException {
        try {
            return seek(scanner, offset);
        } catch (DamagedSegmentException e) {
            return seekAgain(scanner, offset);
        }
    }

    /** The first attempt may have built the indexes up to the damage: what comes before it is found then. */
    private boolean seekAgain(BatchScanner scanner, long offset) throws IOException {
        try {
            return seek(scanner, offset);
        } catch (DamagedSegmentException e) {
            return passOver(scanner, offset, e);
        }
    }

    /** Goes on to the next batch, but passes over what is damaged, and tells of it. */
    boolean nextReadable(BatchScanner scanner) throws IOException {
        long offset = scanner.nextOffset();
        try {
            if (scanner.next()) {
                return true;
            }
            return scanner.problem() != null && passOver(scanner, offset, segment.damaged(scanner));
        } catch (DamagedSegmentException e) {
            return passOver(scanner, offset, e);
        }
    }

    /** {@return whether the batch that the scanner has come to can be believed; of one that cannot, is told} */
    boolean isConfirmed(BatchScanner scanner) throws IOException {
        try {
            confirmOffsets(scanner);
            if (scanner.hasValidCrc()) {
                return true;
            }
            throw segment.damaged(scanner);
        } catch (DamagedSegmentException e) {
            long next = scanner.nextOffset();
            segment.health()
                    .meet(segment, e.getMessage(), RecordBatch.baseOffset(scanner.buffer(), scanner.at()), next);
            return false;
        }
    }

    private boolean passOver(BatchScanner scanner, long offset, DamagedSegmentException damage) throws IOException {
        boolean found = false;
        try {
            found = seekBehindDamage(scanner, offset);
        } catch (DamagedSegmentException e) {
            damage.addSuppressed(e);
        }
        long next = found ? RecordBatch.baseOffset(scanner.buffer(), scanner.at()) : segment.nextBaseOffset();
        segment.health().meet(segment, damage.getMessage(), offset, next);
        return found;
    }

    /**
     * Puts the scanner on a batch that ends at or after an offset and lies behind a damage: the first one that the index
     * names, and that is there as it says.
     *
     * @return false if nothing of the kind is near
     */
    private boolean seekBehindDamage(BatchScanner scanner, long offset) throws IOException {
        OffsetIndex index = segment.offsetIndex();
        int first = index.floorSlotOf(offset) + 1;
        int end = Math.min(index.entries(), first + MOST_TRIES);
        for (int slot = first; slot < end; slot++) {
            long from = index.position(slot);
            scanner.start(segment.file(), from, segment.sizeBytes());
            if (confirm(scanner, from, segment.baseOffset() + index.key(slot)) && scanner.hasValidCrc()) {
                scanner.settleOffsets();
                return true;
            }
        }
        return false;
    }

    /**
     * {@return an offset from which on all records that reach the timestamp are found: none before it does} Of entries that
     * this process has not made, those on both sides of the timestamp are compared with the batches, and the way begins one
     * entry earlier: two batches may have one timestamp, and an entry the offset of the wrong one.
     */
    long floorOffset(BatchScanner scanner, long timestampMs) throws IOException {
        try {
            return indexedFloorOffset(scanner, timestampMs);
        } catch (LostIndexException e) {
            segment.rebuildIndexes(e.getMessage());
            return indexedFloorOffset(scanner, timestampMs);
        }
    }

    private long indexedFloorOffset(BatchScanner scanner, long timestampMs) throws IOException {
        TimeIndex index = segment.timeIndex();
        int slot = index.floorSlot(timestampMs - 1);
        if (!segment.indexesBuilt()) {
            boolean agree = agreesAround(scanner, index, slot);
            if (agree && !segment.indexesBuilt()) {
                slot--;
            } else {
                if (!segment.indexesBuilt()) {
                    segment.rebuildIndexes("an entry of the time index does not agree with the batches");
                }
                slot = index.floorSlot(timestampMs - 1);
            }
        }
        return slot < 0 ? segment.baseOffset() : index.offset(slot);
    }

    private boolean agreesAround(BatchScanner scanner, TimeIndex index, int slot) throws IOException {
        int last = Math.min(slot + 1, index.entries() - 1);
        for (int i = Math.max(slot, 0); i <= last; i++) {
            // A look-up may have built the indexes again, with fewer entries.
            boolean fits = i < index.entries() && (i == 0 || index.offset(i - 1) < index.offset(i));
            if (!fits || !agrees(scanner, index, i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * {@return whether the batch at the entry's offset has the entry's timestamp} A message of magic 0 has none; of one that was
     * sent with one, Kafka 0.10 has noted it.
     */
    boolean agrees(BatchScanner scanner, TimeIndex index, int slot) throws IOException {
        long timestampMs = index.key(slot);
        long offset = index.offset(slot);
        return offset >= segment.baseOffset()
                && seek(scanner, offset)
                && RecordBatch.baseOffset(scanner.buffer(), scanner.at()) <= offset
                && (RecordBatch.maxTimestamp(scanner.buffer(), scanner.at()) == timestampMs
                        || RecordBatch.magic(scanner.buffer(), scanner.at()) == 0)
                && index.entries() > slot;
    }
}
