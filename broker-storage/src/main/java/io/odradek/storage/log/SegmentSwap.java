package io.odradek.storage.log;

import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Puts a cleaned segment in the place of those it was made of. The names go as Kafka's do: {@code .cleaned} becomes
 * {@code .swap}, the old files go, {@code .swap} goes. Until all files are {@code .swap} a start undoes the swap, from then
 * on it finishes it ({@link StrayFiles}); so each of these three is on the disk before the next begins.
 */
final class SegmentSwap {
    private final LogState log;
    private final LogFileSystem files;

    SegmentSwap(LogState log) {
        this.log = log;
        this.files = log.context.files();
    }

    /**
     * Replaces segments.
     *
     * @param from the index of the first segment in the view
     * @param to the exclusive index of the last
     * @return false, and nothing has changed, if they are no longer in the log
     */
    boolean replace(SegmentsView view, int from, int to, CleanedSegment cleaned) throws IOException {
        int index = view.holds(from, to) ? view.indexIn(log.segments.all(), from, to) : -1;
        if (index < 0) {
            return false;
        }
        List<String> suffixes = cleaned.suffixes();
        for (String suffix : suffixes) {
            rename(cleaned, suffix + LogFileNames.CLEANED, suffix + LogFileNames.SWAP);
        }
        files.forceFolder(log.folder);
        LogSegment[] current = log.segments.all();
        for (int i = index; i < index + to - from; i++) {
            LogSegment old = current[i];
            old.discard(log.context.events(), log.config);
            if (old.baseOffset() != cleaned.baseOffset()) {
                files.delete(LogFileNames.path(log.folder, old.baseOffset(), LogFileNames.PRODUCER_SNAPSHOT));
            }
        }
        files.forceFolder(log.folder);
        for (String suffix : suffixes) {
            rename(cleaned, suffix + LogFileNames.SWAP, suffix);
            if (suffix.equals(LogFileNames.LOG) && cleaned.hasTransactionIndex()) {
                // Beside a log that is still .swap, a start would take the index for one of the old segments'.
                files.forceFolder(log.folder);
            }
        }
        LogSegment segment = LogSegment.existing(
                files,
                log.folder,
                cleaned.baseOffset(),
                log.indexBlock,
                log.context.clock().wallMs());
        segment.adopt(cleaned.timestamps());
        segment.settledBy(current[index].settledBy());
        if (!segment.transactionIndex().load()) {
            throw new IOException("The transaction index of segment " + segment.baseOffset() + " in " + log.folder
                    + " is not what was written");
        }
        log.segments.replace(index, index + to - from, segment);
        log.rewrites++;
        log.names.changed();
        return true;
    }

    private void rename(CleanedSegment cleaned, String from, String to) throws IOException {
        Path folder = log.folder;
        files.rename(
                LogFileNames.path(folder, cleaned.baseOffset(), from),
                LogFileNames.path(folder, cleaned.baseOffset(), to));
    }
}
