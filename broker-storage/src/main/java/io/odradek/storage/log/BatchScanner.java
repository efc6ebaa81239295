package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.legacy.LegacyMessage;
import io.odradek.storage.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Walks the batches of a log file by their headers, reading it in chunks of the buffer it is given. A cursor: call
 * {@link #next}, then read the header in {@link #buffer} at {@link #at} with {@link RecordBatch}. What is no batch ends the
 * walk, with a {@link #problem}; an {@link IOException} says that the file could not be read. For one thread at a time.
 *
 * <p>Messages of magic 0 and 1 are shown as if they were batches ({@link LegacyHeader}), by the accessors of {@link RecordBatch}
 * except for the magic. Where a compressed one begins, its own header does not tell: where the one before it ended is taken for
 * it, and only the first of a walk is opened, unless {@link #openMessages} or {@link #settleOffsets} asks for more. One that
 * cannot be opened is taken to begin there, too.
 */
public final class BatchScanner {
    private static final int CRC_START = 21;
    private static final int LEGACY_CRC_START = 16;
    /** What a look-up, which holds up the log's owner, inflates of a message. */
    private static final int LOOK_UP_BYTES = 1 << 20;

    private final ByteBuffer chunk;
    private LogFile file;
    private long end;
    private long firstPosition;
    private long position;
    private int sizeBytes;
    private long chunkPosition;
    private int at;
    private long expectedOffset;
    private boolean offsetKnown;
    private boolean afterGap;
    private String problem;
    /** Made for the first old message. */
    private LegacyHeader legacyHeader;
    /** Whether the current batch is a message of an older format. */
    private boolean legacy;

    private boolean baseGuessed;
    private boolean firstGuessed;
    private boolean openMessages;

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
        firstPosition = from;
        position = from;
        sizeBytes = 0;
        chunk.clear().limit(0);
        chunkPosition = from;
        expectedOffset = 0;
        offsetKnown = false;
        afterGap = false;
        problem = null;
        legacy = false;
        firstGuessed = false;
        return this;
    }

    /** Says at which offset the next batch should begin: an earlier one ends the walk, a later one is a gap. {@return this} */
    public BatchScanner expect(long offset) {
        expectedOffset = offset;
        offsetKnown = true;
        return this;
    }

    /** Says that the offsets of all compressed messages are to be those of the records in them, from now on. {@return this} */
    public BatchScanner openMessages() {
        openMessages = true;
        return this;
    }

    /** {@return whether there is a next whole batch with a possible header; if not, {@link #problem} tells why} */
    public boolean next() throws IOException {
        position += sizeBytes;
        sizeBytes = 0;
        legacy = false;
        long remaining = end - position;
        if (remaining == 0) {
            return false;
        }
        if (remaining < RecordBatch.HEADER_SIZE) {
            return nextSmall((int) remaining);
        }
        load(position, RecordBatch.HEADER_SIZE);
        int length = RecordBatch.length(chunk, at);
        if (RecordBatch.magic(chunk, at) != RecordBatch.MAGIC) {
            return nextOther(remaining);
        }
        if (length < RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD) {
            return claims(length);
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

    private boolean nextSmall(int remaining) throws IOException {
        if (remaining >= LegacyMessage.SMALLEST_SIZE) {
            load(position, remaining);
            if (LegacyMessage.isLegacy(chunk, at)) {
                return nextOther(remaining);
            }
        }
        return fail(remaining + " bytes are no batch header");
    }

    private boolean nextOther(long remaining) throws IOException {
        int length = RecordBatch.length(chunk, at);
        byte magic = RecordBatch.magic(chunk, at);
        boolean old = LegacyMessage.isLegacy(chunk, at);
        int smallest = old ? LegacyMessage.smallestSize(magic) : RecordBatch.HEADER_SIZE;
        if (length < smallest - RecordBatch.LOG_OVERHEAD) {
            return claims(length);
        }
        if (!old) {
            return fail("a batch has magic " + magic);
        }
        if (length > remaining - RecordBatch.LOG_OVERHEAD) {
            return fail("a message of " + length + " bytes is cut");
        }
        int size = length + RecordBatch.LOG_OVERHEAD;
        if (!hasFields(position, smallest, size)) {
            return fail("a message of magic " + magic + " has not room for its fields");
        }
        if (!takeLegacyOffsets(size)) {
            return false;
        }
        sizeBytes = size;
        return true;
    }

    private boolean claims(int length) {
        return fail("a batch claims a length of " + length + " bytes");
    }

    /** What is no message hardly passes for one: key and value must lie within it. */
    private boolean hasFields(long from, int smallest, int size) throws IOException {
        int keySize = LegacyMessage.keySize(chunk, at);
        if (keySize < -1 || keySize > size - smallest) {
            return false;
        }
        int beforeValue = smallest + Math.max(0, keySize);
        load(from + beforeValue - Integer.BYTES, Integer.BYTES);
        int valueSize = chunk.getInt(at);
        load(from, smallest);
        return valueSize >= -1 && valueSize <= size - beforeValue;
    }

    private boolean takeLegacyOffsets(int size) throws IOException {
        long last = LegacyMessage.offset(chunk, at);
        if (last < expectedOffset || last == Long.MAX_VALUE) {
            return fail("a batch ends at offset " + last + " where " + expectedOffset + " is next");
        }
        boolean compressed = LegacyMessage.isCompressed(chunk, at);
        boolean open = compressed && (openMessages || !offsetKnown && !firstGuessed);
        long base = compressed ? expectedOffset : last;
        if (open) {
            long guess = offsetKnown ? expectedOffset : last;
            base = firstOffsetOf(position, size, guess, RecordRules.DEFAULTS.maxInflatedBytes());
        }
        load(position, headerBytes());
        if (base < expectedOffset && position > firstPosition) {
            return fail("a batch begins at offset " + base + " where " + expectedOffset + " is next");
        }
        showLegacy(base, last, expectedOffset);
        baseGuessed = compressed && !open;
        expectedOffset = last + 1;
        offsetKnown = true;
        return true;
    }

    /** A follower whose log was cut in the middle of the first message has taken over all of it. */
    private void showLegacy(long base, long last, long wanted) {
        long shown = Math.max(base, wanted);
        if (shown > last || last - shown > Integer.MAX_VALUE) {
            shown = last;
        }
        if (legacyHeader == null) {
            legacyHeader = new LegacyHeader();
        }
        legacyHeader.set(chunk, at, shown);
        legacy = true;
        afterGap = offsetKnown && shown > wanted;
    }

    /**
     * Opens the current batch if it is a compressed message whose beginning was only guessed. {@return whether it begins where
     * or after the one before it ends}
     */
    boolean settleOffsets() throws IOException {
        if (!legacy || !baseGuessed) {
            return true;
        }
        baseGuessed = false;
        boolean first = position == firstPosition;
        boolean nothingKnown = first && firstGuessed;
        long wanted = RecordBatch.baseOffset(legacyHeader.buffer(), 0);
        long last = RecordBatch.lastOffset(legacyHeader.buffer(), 0);
        long base = firstOffsetOf(position, sizeBytes, nothingKnown ? last : wanted, LOOK_UP_BYTES);
        load(position, headerBytes());
        showLegacy(base, last, wanted);
        afterGap &= !nothingKnown;
        return base >= wanted || first;
    }

    /** {@return the first offset in a compressed message; of one that is damaged or inflates to more, the one given} */
    private long firstOffsetOf(long from, int size, long otherwise, int maxBytes) throws IOException {
        load(from, LegacyMessage.SMALLEST_SIZE);
        int stored = LegacyMessage.crc(chunk, at);
        if (crcOf(new CRC32(), from + LEGACY_CRC_START, from + size) != stored) {
            return otherwise;
        }
        if (size > chunk.capacity()) {
            return LegacyHeader.firstOffset(readApart(from, size), 0, otherwise, maxBytes);
        }
        load(from, size);
        return LegacyHeader.firstOffset(chunk, at, otherwise, maxBytes);
    }

    private ByteBuffer readApart(long from, int size) throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(size);
        if (file.read(whole, from) < size) {
            throw new DamagedSegmentException(file.path() + " ends within a message");
        }
        return whole.flip();
    }

    private int headerBytes() {
        return (int) Math.min(RecordBatch.HEADER_SIZE, end - position);
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

    /** Says below which offset the next batch cannot begin, which a compressed message is not opened to know. {@return this} */
    BatchScanner expectAtLeast(long offset) {
        expectedOffset = offset;
        firstGuessed = true;
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
        if (end - after < (legacy ? LegacyMessage.SMALLEST_SIZE : RecordBatch.HEADER_SIZE)) {
            return expectedOffset <= limit;
        }
        load(after, (int) Math.min(RecordBatch.HEADER_SIZE, end - after));
        boolean fit = (LegacyMessage.isLegacy(chunk, at) ? firstLegacyOffset(after) : RecordBatch.baseOffset(chunk, at))
                >= expectedOffset;
        load(position, headerBytes());
        return fit;
    }

    /** {@return the first offset in a message that has been loaded, if it is one} */
    private long firstLegacyOffset(long from) throws IOException {
        long offset = LegacyMessage.offset(chunk, at);
        int size = LegacyMessage.sizeBytes(chunk, at);
        int smallest = LegacyMessage.smallestSize(LegacyMessage.magic(chunk, at));
        return size >= smallest
                        && size <= end - from
                        && LegacyMessage.isCompressed(chunk, at)
                        && hasFields(from, smallest, size)
                ? firstOffsetOf(from, size, offset, LOOK_UP_BYTES)
                : offset;
    }

    /** {@return whether the checksum of the current batch is right; reads all of it} */
    public boolean hasValidCrc() throws IOException {
        int stored = RecordBatch.crc(buffer(), at());
        Checksum crc = legacy ? new CRC32() : new CRC32C();
        int computed = crcOf(crc, position + (legacy ? LEGACY_CRC_START : CRC_START), position + sizeBytes);
        load(position, headerBytes());
        boolean valid = computed == stored;
        if (!valid) {
            problem = "a batch has a wrong checksum";
        }
        return valid;
    }

    private int crcOf(Checksum crc, long start, long limit) throws IOException {
        long from = start;
        while (from < limit) {
            load(from, 1);
            int count = (int) Math.min(limit - from, chunk.limit() - at);
            int chunkLimit = chunk.limit();
            crc.update(chunk.limit(at + count).position(at));
            chunk.limit(chunkLimit);
            from += count;
        }
        return (int) crc.getValue();
    }

    /** Brings all of the current batch into the buffer. {@return whether it has room for it} */
    boolean loadWhole() throws IOException {
        boolean fits = !legacy && sizeBytes <= chunk.capacity();
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
        return legacy ? legacyHeader.buffer() : chunk;
    }

    /** {@return where the current header lies in the buffer} */
    public int at() {
        return legacy ? 0 : at;
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

    /** {@return whether the current batch is a message of magic 0 or 1} */
    boolean isLegacy() {
        return legacy;
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
