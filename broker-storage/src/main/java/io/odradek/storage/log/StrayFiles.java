package io.odradek.storage.log;

import io.odradek.protocol.record.RecordBatch;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what a crash has left half done in a partition's folder. Files that were to be deleted are; of a cleaning that had
 * not come to its swap nothing stays; a swap that had begun, every segment of it complete under {@code .swap}, is finished:
 * the segments it replaces go, the new ones get their names.
 */
final class StrayFiles {
    private static final Logger LOGGER = LoggerFactory.getLogger(StrayFiles.class);

    private final LogFileSystem files;
    private final Path folder;

    StrayFiles(LogFileSystem files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    /** {@return the names in the folder once all is tidy, sorted} */
    List<String> tidy() throws IOException {
        List<String> names = files.list(folder);
        long firstCleaned = Long.MAX_VALUE;
        List<String> swaps = new ArrayList<>(0);
        boolean changed = false;
        for (String name : names) {
            if (name.endsWith(LogFileNames.CLEANED)) {
                firstCleaned = Math.min(firstCleaned, Math.max(0, LogFileNames.offset(name)));
            } else if (name.endsWith(LogFileNames.SWAP)) {
                swaps.add(name);
            }
        }
        for (String name : names) {
            boolean unfinishedSwap = name.endsWith(LogFileNames.SWAP) && LogFileNames.offset(name) >= firstCleaned;
            if (name.endsWith(LogFileNames.DELETED)
                    || name.endsWith(LogFileNames.CLEANED)
                    || unfinishedSwap
                    || LeftOut.unfinished(name)) {
                LOGGER.info("Deleting {} in {}, left by an unclean stop", name, folder);
                files.delete(folder.resolve(name));
                swaps.remove(name);
                changed = true;
            }
        }
        if (!swaps.isEmpty()) {
            finish(swaps, names);
            changed = true;
        }
        return changed ? files.list(folder) : names;
    }

    private void finish(List<String> swaps, List<String> names) throws IOException {
        long first = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (String name : swaps) {
            if (LogFileNames.is(withoutSwap(name), LogFileNames.LOG)) {
                first = Math.min(first, LogFileNames.offset(name));
                end = Math.max(end, endOffset(folder.resolve(name), LogFileNames.offset(name)));
            }
        }
        for (String name : names) {
            long offset = LogFileNames.offset(name);
            boolean segmentFile = LogFileNames.is(name, LogFileNames.LOG)
                    || LogFileNames.is(name, LogFileNames.OFFSET_INDEX)
                    || LogFileNames.is(name, LogFileNames.TIME_INDEX)
                    || LogFileNames.is(name, LogFileNames.TRANSACTION_INDEX);
            if (segmentFile && offset >= first && offset < end) {
                LOGGER.info("Deleting {} in {}, replaced by a swap", name, folder);
                files.delete(folder.resolve(name));
            }
        }
        // Else a power loss could keep a new name and bring back, beside it, a segment that it replaces.
        files.forceFolder(folder);
        for (String name : swaps) {
            LOGGER.info("Finishing the swap of {} in {}", name, folder);
            files.rename(folder.resolve(name), folder.resolve(withoutSwap(name)));
        }
        files.forceFolder(folder);
    }

    private static String withoutSwap(String name) {
        return name.substring(0, name.length() - LogFileNames.SWAP.length());
    }

    private long endOffset(Path path, long baseOffset) throws IOException {
        long end = baseOffset;
        try (LogFile file = files.openForRead(path)) {
            BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES));
            scanner.start(file, 0, file.sizeBytes());
            while (scanner.next()) {
                end = RecordBatch.nextOffset(scanner.buffer(), scanner.at());
            }
        }
        return end;
    }
}
