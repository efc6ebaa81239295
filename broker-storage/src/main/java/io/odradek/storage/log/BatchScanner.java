package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;

/**
 * Walks the batches of a log file by their headers, reading it in chunks of the buffer it is given. A cursor: call
 * {@link #next}, then read the header in {@link #buffer} at {@link #at} with {@link RecordBatch}. What is no batch ends the
 * walk, with a {@link #problem}; an {@link IOException} says that the file could not be read. For one thread at a time.
 */
public final class BatchScanner {
    private static final int CRC_START = 21;

    private final ByteBuffer chunk;
    private LogFile file;
    private long end;
    private long position;
    private int sizeBytes;
    private long chunkPosition;
    private int at;
    private long expectedOffset;
    private boolean offsetKnown;
    private boolean afterGap;
    private String problem;

    /** @param chunk the memory to read into, at least a batch header; what it holds is overwritten */
    public BatchScanner(ByteBuffer chunk) {
        this.chunk = chunk;
    }

    /**
     * Starts over.
     *
     * @param newFile the file to walk
     * @param from the position of the first batch, in bytes
     * @param newEnd where the walk ends, in bytes; the file must reach to there
     * @return this
     */
    public BatchScanner start(LogFile newFile, long from, long newEnd) {
        file = newFile;
        end = newEnd;
        position = from;
        sizeBytes = 0;
        chunk.clear().limit(0);
        chunkPosition = from;
        expectedOffset = 0;
        offsetKnown = false;
        afterGap = false;
        problem = null;
        return this;
    }

    /** Says at which offset the next batch should begin: an earlier one ends the walk, a later one is a gap. {@return this} */
    public BatchScanner expect(long offset) {
        expectedOffset = offset;
        offsetKnown = true;
        return this;
    }

    /** {@return whether there is a next whole batch with a possible header; if not, {@link #problem} tells why} */
    public boolean next() throws IOException {
        position += sizeBytes;
        sizeBytes = 0;
        long remaining = end - position;
        if (remaining == 0) {
            return false;
        }
        if (remaining < RecordBatch.HEADER_SIZE) {
            return fail(remaining + " bytes are no batch header");
        }
        load(position, RecordBatch.HEADER_SIZE);
        int length = RecordBatch.length(chunk, at);
        if (length < RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD) {
            return fail("a batch claims a length of " + length + " bytes");
        }
        if (RecordBatch.magic(chunk, at) != RecordBatch.MAGIC) {
            return fail("a batch has magic " + RecordBatch.magic(chunk, at));
        }
        if (length > remaining - RecordBatch.LOG_OVERHEAD) {
            return fail("a batch of " + length + " bytes is cut");
        }
        if (RecordBatch.lastOffsetDelta(chunk, at) < 0) {
            return fail("a batch has a negative offset delta");
        }
        if (!takeOffsets()) {
            return false;
        }
        sizeBytes = length + RecordBatch.LOG_OVERHEAD;
        return true;
    }

    /** Offsets only grow; base offsets are outside the checksum. */
    private boolean takeOffsets() {
        long baseOffset = RecordBatch.baseOffset(chunk, at);
        if (baseOffset < expectedOffset) {
            return fail("a batch begins at offset " + baseOffset + " where " + expectedOffset + " is next");
        }
        long next = RecordBatch.nextOffset(chunk, at);
        if (next <= baseOffset) {
            return fail("a batch begins at offset " + baseOffset);
        }
        afterGap = offsetKnown && baseOffset > expectedOffset;
        expectedOffset = next;
        offsetKnown = true;
        return true;
    }

    /** Says below which offset the next batch cannot begin. {@return this} */
    BatchScanner expectAtLeast(long offset) {
        expectedOffset = offset;
        return this;
    }

    /**
     * Whether what follows the current batch agrees with its offsets. They may be wrong where it is {@link #afterGap}: gaps
     * are what cleaning leaves, and what a changed base offset looks like.
     *
     * @param limit the offset at which the next file begins
     */
    boolean offsetsFit(long limit) throws IOException {
        long after = position + sizeBytes;
        if (end - after < RecordBatch.HEADER_SIZE) {
            return expectedOffset <= limit;
        }
        load(after, RecordBatch.HEADER_SIZE);
        boolean fit = RecordBatch.baseOffset(chunk, at) >= expectedOffset;
        load(position, RecordBatch.HEADER_SIZE);
        return fit;
    }

    /** {@return whether the checksum of the current batch is right; reads all of it} */
    public boolean hasValidCrc() throws IOException {
        int stored = RecordBatch.crc(chunk, at);
        CRC32C crc = new CRC32C();
        long from = position + CRC_START;
        long batchEnd = position + sizeBytes;
        while (from < batchEnd) {
            load(from, 1);
            int count = (int) Math.min(batchEnd - from, chunk.limit() - at);
            int limit = chunk.limit();
            crc.update(chunk.limit(at + count).position(at));
            chunk.limit(limit);
            from += count;
        }
        boolean valid = (int) crc.getValue() == stored;
        if (!valid) {
            problem = "a batch has a wrong checksum";
        }
        load(position, RecordBatch.HEADER_SIZE);
        return valid;
    }

    /** Brings all of the current batch into the buffer. {@return whether it has room for it} */
    boolean loadWhole() throws IOException {
        boolean fits = sizeBytes <= chunk.capacity();
        if (fits) {
            load(position, sizeBytes);
        }
        return fits;
    }

    private void load(long from, int wanted) throws IOException {
        long offset = from - chunkPosition;
        if (offset < 0 || offset + wanted > chunk.limit()) {
            chunk.clear();
            if (chunk.capacity() > end - from) {
                chunk.limit((int) (end - from));
            }
            int read = readChunk(from);
            if (read < wanted) {
                throw new DamagedSegmentException(
                        file.path() + " ends at " + (from + Math.max(read, 0)) + " before " + end);
            }
            chunk.limit(read);
            chunkPosition = from;
            offset = 0;
        }
        at = (int) offset;
    }

    /** A handle that was given up is opened again here, and may find that its file has been deleted. */
    private int readChunk(long from) throws IOException {
        try {
            return file.read(chunk, from);
        } catch (NoSuchFileException e) {
            throw new DamagedSegmentException(file.path() + " is missing", e);
        }
    }

    private boolean fail(String why) {
        problem = why;
        return false;
    }

    /** {@return the buffer with the current header} */
    public ByteBuffer buffer() {
        return chunk;
    }

    /** {@return where the current header lies in the buffer} */
    public int at() {
        return at;
    }

    /** {@return the position of the current batch in the file; after the last one, where whole batches end} */
    public long position() {
        return position;
    }

    /** {@return the size of the current batch} */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** {@return whether the current batch does not begin where the one before it ended} */
    boolean afterGap() {
        return afterGap;
    }

    /** {@return the offset after the last batch that was found; 0 or what was expected if there was none} */
    long nextOffset() {
        return expectedOffset;
    }

    /** {@return why the walk ended before the end, or null if it did not} */
    public String problem() {
        return problem;
    }
}
