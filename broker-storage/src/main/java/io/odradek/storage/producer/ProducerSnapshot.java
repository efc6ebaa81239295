package io.odradek.storage.producer;

import io.odradek.storage.checkpoint.MalformedFileException;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The file {@code OFFSET.snapshot} that holds the producers as of an offset, in Kafka's form: version 1 (int16), CRC-32C of
 * what follows (int32), count (int32), and for each producer id (int64), epoch (int16), last sequence (int32), last offset
 * (int64), offset delta of the last batch (int32), timestamp (int64), coordinator epoch (int32) and first offset of the open
 * transaction (int64). It is not forced: one that a power loss has torn is known by its checksum.
 */
public final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int CRC_POSITION = 2;
    private static final int ENTRIES_POSITION = 6;
    private static final int HEADER_SIZE = 10;
    private static final int ENTRY_SIZE = 46;
    private static final int MAX_SIZE_BYTES = 1 << 30;

    private ProducerSnapshot() {}

    /** Writes the producers, replacing a file of that name. */
    public static void write(LogFileSystem files, Path path, ProducerState state) throws IOException {
        List<ProducerEntry> entries = state.entries();
        ByteBuffer out = ByteBuffer.allocate(HEADER_SIZE + entries.size() * ENTRY_SIZE);
        out.putShort(VERSION).putInt(0).putInt(entries.size());
        for (ProducerEntry entry : entries) {
            out.putLong(entry.producerId())
                    .putShort(entry.epoch())
                    .putInt(entry.lastSequence())
                    .putLong(entry.lastOffset())
                    .putInt(entry.lastOffsetDelta())
                    .putLong(entry.lastTimestampMs())
                    .putInt(entry.coordinatorEpoch())
                    .putLong(entry.currentTransactionFirstOffset());
        }
        out.flip().putInt(CRC_POSITION, crc(out));
        try (LogFile file = files.open(path)) {
            file.truncate(0);
            file.append(out);
        }
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(ENTRIES_POSITION));
        return (int) crc.getValue();
    }

    /**
     * Reads the producers into a state that is empty.
     *
     * @return false if the file is no whole snapshot; the state is still empty then
     */
    public static boolean read(LogFileSystem files, Path path, ProducerState into) throws IOException {
        ByteBuffer in = readFile(files, path);
        if (problem(in) != null) {
            return false;
        }
        for (in.position(HEADER_SIZE); in.hasRemaining(); ) {
            into.insert(readEntry(in));
        }
        return true;
    }

    /**
     * {@return the producers as they stand in the file}
     *
     * @throws MalformedFileException if the file is no whole snapshot
     */
    public static List<SnapshotEntry> entries(LogFileSystem files, Path path) throws IOException {
        ByteBuffer in = readFile(files, path);
        String problem = problem(in);
        if (problem != null) {
            throw new MalformedFileException(path, problem);
        }
        List<SnapshotEntry> entries = new ArrayList<>(in.getInt(ENTRIES_POSITION));
        for (in.position(HEADER_SIZE); in.hasRemaining(); ) {
            entries.add(new SnapshotEntry(
                    in.getLong(),
                    in.getShort(),
                    in.getInt(),
                    in.getLong(),
                    in.getInt(),
                    in.getLong(),
                    in.getInt(),
                    in.getLong()));
        }
        return entries;
    }

    /** {@return the file's bytes, none if it is too large to be a snapshot} */
    private static ByteBuffer readFile(LogFileSystem files, Path path) throws IOException {
        try (LogFile file = files.openForRead(path)) {
            long size = file.sizeBytes();
            ByteBuffer in = ByteBuffer.allocate(size > MAX_SIZE_BYTES ? 0 : (int) size);
            file.read(in, 0);
            return in.flip();
        }
    }

    /** {@return why the bytes are no whole snapshot, or null if they are one} */
    private static String problem(ByteBuffer in) {
        if (in.limit() < HEADER_SIZE) {
            return "it is too short or too large for a snapshot";
        }
        if (in.getShort(0) != VERSION) {
            return "it has version " + in.getShort(0) + ", only " + VERSION + " is known";
        }
        if (in.getInt(CRC_POSITION) != crc(in)) {
            return "its checksum is wrong";
        }
        return in.limit() == HEADER_SIZE + (long) in.getInt(ENTRIES_POSITION) * ENTRY_SIZE
                ? null
                : "it does not have the size of " + in.getInt(ENTRIES_POSITION) + " producers";
    }

    private static ProducerEntry readEntry(ByteBuffer in) {
        ProducerEntry entry = new ProducerEntry(in.getLong(), in.getShort());
        int lastSequence = in.getInt();
        long lastOffset = in.getLong();
        int offsetDelta = in.getInt();
        long timestampMs = in.getLong();
        if (lastOffset >= 0) {
            entry.add(lastSequence, lastOffset, offsetDelta, timestampMs);
        }
        entry.seenAt(timestampMs);
        entry.coordinatorEpoch(in.getInt());
        entry.transactionFrom(in.getLong());
        return entry;
    }
}
