package io.odradek.core.adoption;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata of a KRaft cluster as they lie in {@code __cluster_metadata-0}: the newest snapshot and the log after it.
 * Nothing is changed there. Where something is missing, broken or half written, reading ends, which is said in the log, and
 * what was read up to there does not count as the last word.
 */
final class KraftFolder implements SettingsSource {
    /** The folder's name. */
    static final String NAME = "__cluster_metadata-0";

    private static final Logger LOG = LoggerFactory.getLogger(KraftFolder.class);

    private static final Pattern SNAPSHOT = Pattern.compile("(\\d{20})-(\\d{10})\\.checkpoint");
    private static final Pattern SEGMENT = Pattern.compile("(\\d{20})\\.log");
    private static final short SNAPSHOT_FOOTER = 4;
    private static final long SNAPSHOT_OFFSETS = -1;

    /** Controllers write batches of 8 MiB at most. */
    private static final int MOST_BATCH_BYTES = 64 << 20;

    private final LogFileSystem files;
    private final Path folder;
    private final KraftMetadata metadata = new KraftMetadata();
    private long nextOffset;
    private boolean sawFooter;

    /** @param folder {@code __cluster_metadata-0} */
    KraftFolder(LogFileSystem files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    /** Something that a metadata log does not have. */
    private static final class BrokenLogException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenLogException(Path file, long position, String what) {
            super(file + " at byte " + position + ": " + what);
        }
    }

    @Override
    public OldTopics read(int brokerId) throws IOException {
        boolean whole = true;
        try {
            readSnapshot();
            readLog();
        } catch (BrokenLogException broken) {
            whole = false;
            LOG.warn(
                    "The metadata of the KRaft cluster cannot be read beyond offset {} ({}). The settings of its topics"
                            + " are taken as they were there, and count as unconfirmed",
                    nextOffset,
                    broken.getMessage());
        }
        return metadata.topics(folder.toString(), whole, brokerId);
    }

    private void readSnapshot() throws IOException, BrokenLogException {
        String newest = null;
        for (String name : files.list(folder)) {
            if (SNAPSHOT.matcher(name).matches()) {
                newest = name;
            }
        }
        if (newest == null) {
            return;
        }
        Path file = folder.resolve(newest);
        long end = readBatches(file, SNAPSHOT_OFFSETS);
        if (!sawFooter) {
            throw new BrokenLogException(file, end, "the end of the snapshot is missing");
        }
        nextOffset = Long.parseLong(newest.substring(0, newest.indexOf('-')));
    }

    private void readLog() throws IOException, BrokenLogException {
        SortedMap<Long, Path> segments = new TreeMap<>();
        for (String name : files.list(folder)) {
            Matcher segment = SEGMENT.matcher(name);
            if (segment.matches()) {
                segments.put(Long.parseLong(segment.group(1)), folder.resolve(name));
            }
        }
        if (segments.isEmpty()) {
            throw new BrokenLogException(folder, 0, "there is no log");
        }
        long snapshotEnd = nextOffset;
        if (segments.firstKey() > snapshotEnd) {
            throw new BrokenLogException(
                    segments.get(segments.firstKey()), 0, "nothing is there of the offsets from " + snapshotEnd);
        }
        nextOffset = segments.firstKey();
        for (Path segment : segments.values()) {
            readBatches(segment, snapshotEnd);
        }
    }

    /**
     * Reads a file.
     *
     * @param fromOffset where in the log new records begin, {@link #SNAPSHOT_OFFSETS} for a file that counts for itself
     * @return where the last batch ends
     */
    private long readBatches(Path path, long fromOffset) throws IOException, BrokenLogException {
        long position = 0;
        try (LogFile file = files.openForRead(path);
                RecordCursor cursor = new RecordCursor()) {
            long size = file.sizeBytes();
            while (position < size) {
                ByteBuffer batch = readBatch(path, file, position, size);
                long baseOffset = RecordBatch.baseOffset(batch, 0);
                if (fromOffset != SNAPSHOT_OFFSETS && baseOffset != nextOffset) {
                    throw new BrokenLogException(
                            path, position, "offset " + baseOffset + " follows where " + nextOffset + " should");
                }
                replay(path, position, batch, cursor, fromOffset);
                nextOffset = RecordBatch.nextOffset(batch, 0);
                position += batch.limit();
            }
        }
        return position;
    }

    private static ByteBuffer readBatch(Path path, LogFile file, long position, long size)
            throws IOException, BrokenLogException {
        ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_SIZE);
        file.read(header, position);
        if (header.hasRemaining()) {
            throw new BrokenLogException(path, position, "a batch is half written");
        }
        int length = RecordBatch.length(header, 0);
        if (RecordBatch.magic(header, 0) != RecordBatch.MAGIC
                || length < RecordBatch.HEADER_SIZE - RecordBatch.LOG_OVERHEAD
                || length > MOST_BATCH_BYTES) {
            throw new BrokenLogException(path, position, "there is no batch");
        }
        int sizeBytes = RecordBatch.sizeBytes(header, 0);
        if (sizeBytes > size - position) {
            throw new BrokenLogException(path, position, "a batch is half written");
        }
        ByteBuffer batch = ByteBuffer.allocate(sizeBytes);
        file.read(batch, position);
        batch.flip();
        if (batch.limit() < sizeBytes || !RecordBatch.hasValidCrc(batch, 0)) {
            throw new BrokenLogException(path, position, "a batch has not the checksum that it was written with");
        }
        return batch;
    }

    private void replay(Path path, long position, ByteBuffer batch, RecordCursor cursor, long fromOffset)
            throws BrokenLogException {
        try {
            cursor.open(batch, 0, MOST_BATCH_BYTES);
            while (cursor.next()) {
                if (RecordBatch.isControl(batch, 0)) {
                    ByteBuffer key = cursor.key();
                    sawFooter |=
                            key != null && key.remaining() >= 4 && key.getShort(key.position() + 2) == SNAPSHOT_FOOTER;
                } else if (cursor.offset() >= fromOffset && cursor.hasValue()) {
                    ByteBuffer value = cursor.value();
                    byte[] copy = new byte[value.remaining()];
                    value.get(copy);
                    metadata.replay(ByteBuffer.wrap(copy));
                }
            }
        } catch (ApiException | MalformedMessageException unreadable) {
            throw new BrokenLogException(path, position, unreadable.getMessage());
        }
    }
}
