package io.odradek.storage.log;

import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.ReadOnlyFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the timestamps of a closed segment with file handles of its own, apart from the log's owner and without changing
 * anything: from the indexes if they are right, else from the headers of all batches. A damaged segment is at least as new as
 * its file, so that it does not stay for ever.
 */
final class ColdTimes {
    private static final Logger LOGGER = LoggerFactory.getLogger(ColdTimes.class);

    private final LogSegment segment;
    private final LogFileSystem files;
    private final Path folder;
    private final long sizeBytes;
    private volatile SegmentTimes found;

    /** Made on the owner's loop. */
    ColdTimes(LogState log, LogSegment segment) {
        this.segment = segment;
        this.files = new ReadOnlyFileSystem(log.context.files());
        this.folder = log.folder;
        this.sizeBytes = segment.sizeBytes();
    }

    void read() throws IOException {
        try {
            LogSegment copy =
                    LogSegment.existing(files, folder, segment.baseOffset(), new IndexBlock(), segment.createdMs());
            found = times(copy);
        } catch (NoSuchFileException e) {
            // Either the log's owner has deleted it meanwhile, or somebody else has, and nothing of it is left to be
            // kept.
            LOGGER.debug("The segment {} in {} has gone", segment.baseOffset(), folder);
            found = SegmentTimes.empty(segment.createdMs());
        }
    }

    private SegmentTimes times(LogSegment copy) throws IOException {
        try {
            return copy.times();
        } catch (ReadOnlyFileSystem.WriteRefusedException | DamagedSegmentException e) {
            LOGGER.info("Reading the timestamps of all batches of segment {} in {}", segment.baseOffset(), folder);
        } finally {
            copy.close();
        }
        SegmentTimes times = SegmentTimes.empty(segment.createdMs());
        try (var file = files.open(LogFileNames.path(folder, segment.baseOffset(), LogFileNames.LOG))) {
            BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES));
            scanner.start(file, 0, sizeBytes);
            while (scanner.next()) {
                times.add(scanner);
            }
            if (scanner.problem() != null) {
                addLastModified(times, file.path());
            }
        } catch (DamagedSegmentException e) {
            addLastModified(times, LogFileNames.path(folder, segment.baseOffset(), LogFileNames.LOG));
        }
        return times;
    }

    private void addLastModified(SegmentTimes times, Path path) throws IOException {
        times.add(files.lastModifiedMs(path), segment.nextBaseOffset() - 1);
    }

    /** {@return what was read, null if nothing could be} */
    SegmentTimes found() {
        return found;
    }

    boolean adopt() {
        SegmentTimes read = found;
        if (read == null || segment.sizeBytes() != sizeBytes) {
            return false;
        }
        segment.adopt(read);
        return true;
    }
}
