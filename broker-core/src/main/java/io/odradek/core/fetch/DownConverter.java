package io.odradek.core.fetch;

import io.odradek.protocol.api.FetchResponse.AbortedTransaction;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.DownConversion;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Makes messages of magic 0 or 1 of what was found in a log, for a reader who knows no record batches. What such a reader
 * cannot be shown is left out: control batches, and records of aborted transactions. Reads the file, so it is not for loops.
 *
 * <p>One converter serves any number of partitions, one after the other.
 */
public final class DownConverter {
    private final byte magic;
    private final int maxInflatedBytes;
    private final int maxRecordBytes;
    private final EntryWindow entries = new EntryWindow();
    private long inflatedBytes;

    /**
     * @param magic the newest format that the reader understands, 0 or 1
     * @param maxInflatedBytes what the records of one batch may inflate to; of several together, once the first one has been converted
     * @param maxRecordBytes what a compressed record may have, which is held
     */
    public DownConverter(byte magic, int maxInflatedBytes, int maxRecordBytes) {
        this.magic = magic;
        this.maxInflatedBytes = maxInflatedBytes;
        this.maxRecordBytes = maxRecordBytes;
    }

    /**
     * What a partition may give.
     *
     * @param maxBytes how much
     * @param cut whether a last message is cut there, even the first one; else only whole ones are given
     * @param atLeastOne whether a first message that is larger is given all the same
     */
    public record Allowance(int maxBytes, boolean cut, boolean atLeastOne) {}

    /**
     * What a partition gives.
     *
     * @param records the messages
     * @param recordCount how many records have been converted for that
     * @param nextOffset where the reader goes on if nothing of what was found is for it; else the offset that it asked for
     */
    public record Converted(BytesPayload records, long recordCount, long nextOffset) {}

    /** {@return whether so much has been inflated that it is time to answer} */
    public boolean isSpent() {
        return inflatedBytes >= maxInflatedBytes;
    }

    /**
     * Converts what was found, up to what the partition may give. It ends before an entry that cannot be converted, if there is
     * something before it.
     *
     * @param found where the records lie
     * @param fromOffset the first offset wanted
     * @param aborted the transactions to leave out
     * @throws ApiException UNSUPPORTED_COMPRESSION_TYPE for zstd, CORRUPT_MESSAGE for what cannot be read
     */
    public Converted convert(FileSlice found, long fromOffset, List<AbortedTransaction> aborted, Allowance allowance)
            throws IOException {
        entries.open(found);
        AbortedRecords leftOut = new AbortedRecords(aborted);
        long passedOffset = fromOffset;
        try (DownConversion out = new DownConversion(magic, maxInflatedBytes).holdAtMost(maxRecordBytes)) {
            try {
                while (!isEnough(out, allowance) && entries.next()) {
                    if (isShown(leftOut, fromOffset)) {
                        add(out, fromOffset, allowance);
                    }
                    passedOffset = Math.max(passedOffset, lastOffset() + 1);
                }
            } catch (ApiException e) {
                if (out.sizeBytes() == 0 && passedOffset == fromOffset) {
                    throw asReadersKnow(e);
                }
            }
            return new Converted(
                    new BytesPayload(withoutSpare(cut(out, allowance))),
                    out.recordCount(),
                    out.sizeBytes() == 0 ? passedOffset : fromOffset);
        }
    }

    private boolean isEnough(DownConversion out, Allowance allowance) {
        return out.sizeBytes() > 0 && (out.sizeBytes() >= allowance.maxBytes() || isSpent());
    }

    private boolean isShown(AbortedRecords leftOut, long fromOffset) throws IOException {
        ByteBuffer buffer = entries.buffer();
        int at = entries.at();
        if (LegacyMessage.isLegacy(buffer, at)) {
            return LegacyMessage.offset(buffer, at) >= fromOffset;
        }
        if (RecordBatch.isControl(buffer, at)) {
            if (entries.load()) {
                leftOut.marker(entries.buffer(), entries.at());
            }
            return false;
        }
        return !leftOut.has(buffer, at) && RecordBatch.lastOffset(buffer, at) >= fromOffset;
    }

    /** What is damaged gets no new checksum that hides it. */
    private void add(DownConversion out, long fromOffset, Allowance allowance) throws IOException {
        if (!entries.load() || !isSound(entries.buffer(), entries.at())) {
            throw new ApiException(ErrorCode.CORRUPT_MESSAGE, "An entry has a wrong checksum");
        }
        long before = out.plainBytes();
        boolean first = out.sizeBytes() == 0;
        out.add(entries.buffer(), entries.at(), fromOffset, allowance.maxBytes());
        if (first && allowance.cut() && out.sizeBytes() > allowance.maxBytes()) {
            out.addInPieces(entries.buffer(), entries.at(), fromOffset, allowance.maxBytes());
        }
        inflatedBytes += out.plainBytes() - before;
    }

    private static boolean isSound(ByteBuffer buffer, int at) {
        return LegacyMessage.isLegacy(buffer, at)
                ? LegacyMessage.isWhole(buffer, at, at + LegacyMessage.sizeBytes(buffer, at))
                        && LegacyMessage.hasValidCrc(buffer, at)
                : RecordBatch.hasValidCrc(buffer, at);
    }

    private long lastOffset() {
        ByteBuffer buffer = entries.buffer();
        int at = entries.at();
        return LegacyMessage.isLegacy(buffer, at)
                ? LegacyMessage.offset(buffer, at)
                : RecordBatch.lastOffset(buffer, at);
    }

    private static ApiException asReadersKnow(ApiException e) {
        boolean known = e.error() == ErrorCode.UNSUPPORTED_COMPRESSION_TYPE || e.error() == ErrorCode.CORRUPT_MESSAGE;
        return known ? e : new ApiException(ErrorCode.CORRUPT_MESSAGE, e.getMessage());
    }

    /** An answer that is not taken for long would hold what was cut off, too. */
    private static ByteBuffer withoutSpare(ByteBuffer records) {
        return records.capacity() / 2 <= records.limit()
                ? records
                : ByteBuffer.allocate(records.limit()).put(records).flip();
    }

    private static ByteBuffer cut(DownConversion out, Allowance allowance) {
        int maxBytes = allowance.maxBytes();
        ByteBuffer written = out.written();
        if (out.sizeBytes() <= maxBytes) {
            return written;
        }
        if (allowance.cut()) {
            return written.limit(maxBytes);
        }
        int wholeBytes = out.wholeWithin(maxBytes);
        return written.limit(wholeBytes == 0 && allowance.atLeastOne() ? out.firstBytes() : wholeBytes);
    }
}
