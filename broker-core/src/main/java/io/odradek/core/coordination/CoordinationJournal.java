package io.odradek.core.coordination;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that keeps the persistent part of the tree: a snapshot frame, then a frame for each group of changes. A new
 * snapshot is written beside it, forced and renamed over it, so the first frame is never torn: if it cannot be read, the
 * disk has damaged it. A frame is forced before the next one is written, so only the last one can be torn: it was never
 * answered, and is cut away.
 *
 * <p>Calls come one at a time; all but {@link #wantsSnapshot} may block.
 */
final class CoordinationJournal {
    /** The journal's name in the first log folder. */
    static final String FILE_NAME = "coordination.journal";

    private final LogFileSystem files;
    private final Path path;
    private final Path newPath;
    private final JournalSettings settings;
    private LogFile file;
    private long sizeBytes;
    private long snapshotBytes;
    private long nextNumber;

    private CoordinationJournal(LogFileSystem files, Path folder, JournalSettings settings) {
        this.files = files;
        this.path = folder.resolve(FILE_NAME);
        this.newPath = folder.resolve(FILE_NAME + ".new");
        this.settings = settings;
    }

    /**
     * Opens the journal of a folder and replays it.
     *
     * @param tree an empty tree, filled with what the journal holds
     * @throws IOException if the disk fails, or if the journal is damaged elsewhere than at its end; the message names it
     */
    static CoordinationJournal open(LogFileSystem files, Path folder, JournalSettings settings, CoordinationTree tree)
            throws IOException {
        CoordinationJournal journal = new CoordinationJournal(files, folder, settings);
        files.delete(journal.newPath);
        if (files.exists(journal.path)) {
            journal.file = files.open(journal.path);
            try {
                journal.replay(tree);
            } catch (IOException | RuntimeException e) {
                journal.file.close();
                throw e;
            }
        }
        return journal;
    }

    /** {@return whether the next write is to be a snapshot rather than a group of changes} */
    boolean wantsSnapshot() {
        return file == null || sizeBytes > Math.max(settings.compactAtBytes(), 2 * snapshotBytes);
    }

    /** Appends a group of changes. */
    void append(List<TreeChange> changes) throws IOException {
        ByteBuffer frame = new JournalFrame(nextNumber++, changes).encode();
        sizeBytes += frame.remaining();
        file.append(frame);
        if (settings.force()) {
            file.force();
        }
    }

    /** Replaces the journal by a snapshot. */
    void replace(List<TreeChange> snapshot) throws IOException {
        files.delete(newPath);
        ByteBuffer frame = new JournalFrame(0, snapshot).encode();
        int frameBytes = frame.remaining();
        try (LogFile fresh = files.open(newPath)) {
            fresh.append(frame);
            if (settings.force()) {
                fresh.force();
            }
        }
        close();
        files.rename(newPath, path);
        if (settings.force()) {
            files.forceFolder(path.getParent());
        }
        file = files.open(path);
        snapshotBytes = frameBytes;
        sizeBytes = frameBytes;
        nextNumber = 1;
    }

    /** Closes the file. */
    void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    private void replay(CoordinationTree tree) throws IOException {
        if (file.sizeBytes() > Integer.MAX_VALUE - 8) {
            throw damaged("it is larger than 2 GiB");
        }
        ByteBuffer content = ByteBuffer.allocate((int) file.sizeBytes());
        file.read(content, 0);
        content.flip();
        while (content.hasRemaining()) {
            int start = content.position();
            JournalFrame frame = JournalFrame.read(content);
            if (frame == null && nextNumber > 0 && !JournalFrame.anyAfter(content, nextNumber)) {
                file.truncate(start);
                file.force();
                break;
            }
            if (frame == null || frame.number() != nextNumber) {
                throw damaged("no readable entry at byte " + start);
            }
            replay(frame, tree, start);
            nextNumber++;
            if (start == 0) {
                snapshotBytes = content.position();
            }
        }
        if (nextNumber == 0) {
            throw damaged("it is empty");
        }
        sizeBytes = file.sizeBytes();
    }

    private void replay(JournalFrame frame, CoordinationTree tree, int start) throws IOException {
        for (TreeChange change : frame.changes()) {
            try {
                tree.replay(change);
            } catch (CoordinationException e) {
                throw damaged(
                        "the entry at byte " + start + " does not follow from those before it, " + e.getMessage());
            }
        }
    }

    private IOException damaged(String what) {
        return new IOException(
                "The coordination journal " + path + " is damaged: " + what
                        + ". Restore the file from a backup, or move it away to register the topics found in the log folders anew");
    }
}
