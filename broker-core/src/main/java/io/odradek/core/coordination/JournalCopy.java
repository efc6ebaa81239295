package io.odradek.core.coordination;

import io.odradek.storage.io.DiskFullException;
import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.PassingFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The journal in one log folder: a file with a snapshot frame, then a frame for each group of changes. A new snapshot is
 * written beside it, forced and renamed over it, so the first frame is never torn: if it cannot be read, the disk has
 * damaged it. A frame is forced before the next one is written, so only the last one can be torn: it was never answered,
 * and is cut away. What cannot be read elsewhere is a {@link Gap}, and the file as it was is kept beside the journal.
 *
 * <p>Calls come one at a time; all but {@link #wantsSnapshot} may block.
 */
final class JournalCopy {
    /** The journal's name in a log folder. */
    static final String FILE_NAME = "coordination.journal";

    private final LogFileSystem files;
    private final Path folder;
    private final Path path;
    private final Path newPath;
    private final JournalSettings settings;
    private final List<JournalFrame> frames = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private LogFile file;
    private long sizeBytes;
    private long snapshotBytes;
    private boolean outOfDate;

    /**
     * A place where frames cannot be read.
     *
     * @param path the file
     * @param from where it begins, in bytes
     * @param to where the next readable frame begins
     * @param before the number of the frame before
     * @param after the number of the frame after
     */
    record Gap(Path path, int from, int to, long before, long after) {}

    JournalCopy(LogFileSystem files, Path folder, JournalSettings settings) {
        this.files = files;
        this.folder = folder;
        this.path = folder.resolve(FILE_NAME);
        this.newPath = folder.resolve(FILE_NAME + ".new");
        this.settings = settings;
    }

    Path folder() {
        return folder;
    }

    Path path() {
        return path;
    }

    /**
     * Opens the file, if there is one, and reads its frames.
     *
     * @throws DamagedJournalException if its snapshot cannot be read
     */
    void open() throws IOException {
        files.delete(newPath);
        if (files.exists(path)) {
            file = files.open(path);
            read();
        }
    }

    /** {@return the number of the last frame that was read, -1 if there is none} */
    long lastNumber() {
        return frames.isEmpty() ? -1 : frames.get(frames.size() - 1).number();
    }

    /** {@return the frames that were read, until they are {@linkplain #forgetFrames forgotten}} */
    List<JournalFrame> frames() {
        return frames;
    }

    void forgetFrames() {
        frames.clear();
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** {@return the places where frames are missing between those that were read} */
    List<Gap> gaps() {
        return gaps;
    }

    /** {@return what the operator is to know of the reading besides, in lines} */
    List<String> notes() {
        return notes;
    }

    /** Notes that the file lacks frames, so that only a snapshot brings it up to date. */
    void outOfDate() {
        outOfDate = true;
    }

    /** {@return whether the next write should be a snapshot rather than a group of changes} */
    boolean wantsSnapshot() {
        return needsSnapshot() || sizeBytes > Math.max(settings.compactAtBytes(), 2 * snapshotBytes);
    }

    /** {@return whether the next write must be a snapshot} */
    boolean needsSnapshot() {
        return file == null || outOfDate;
    }

    /** Appends a frame; takes back what a full disk lets through of it. */
    void append(ByteBuffer frame) throws IOException {
        int frameBytes = frame.remaining();
        try {
            file.append(frame);
            if (settings.force()) {
                file.force();
            }
        } catch (IOException e) {
            if (PassingFailure.is(e)) {
                file.truncate(sizeBytes);
            }
            throw e;
        }
        sizeBytes += frameBytes;
    }

    /** Replaces the file by a snapshot; leaves it as it is if there is no room, or no descriptor, for another. */
    void replace(ByteBuffer snapshot) throws IOException {
        int snapshotSize = snapshot.remaining();
        try {
            writeNew(snapshot);
        } catch (IOException e) {
            if (PassingFailure.is(e)) {
                files.delete(newPath);
            }
            throw e;
        }
        close();
        files.rename(newPath, path);
        if (settings.force()) {
            files.forceFolder(folder);
        }
        file = files.open(path);
        snapshotBytes = snapshotSize;
        sizeBytes = snapshotSize;
        outOfDate = false;
    }

    private void writeNew(ByteBuffer snapshot) throws IOException {
        files.delete(newPath);
        try (LogFile fresh = files.open(newPath)) {
            fresh.append(snapshot);
            if (settings.force()) {
                fresh.force();
            }
        }
    }

    /** Closes the file. */
    void close() throws IOException {
        if (file != null) {
            LogFile open = file;
            file = null;
            open.close();
        }
    }

    private void read() throws IOException {
        if (file.sizeBytes() > Integer.MAX_VALUE - 8) {
            throw new DamagedJournalException(path, "it is larger than 2 GiB");
        }
        ByteBuffer content = ByteBuffer.allocate((int) file.sizeBytes());
        file.read(content, 0);
        content.flip();
        if (!content.hasRemaining()) {
            throw new DamagedJournalException(path, "it is empty");
        }
        while (content.hasRemaining()) {
            int start = content.position();
            JournalFrame frame = JournalFrame.read(content);
            if (frame != null && (start == 0 || JournalFrame.follows(lastNumber(), frame.number()))) {
                frames.add(frame);
                snapshotBytes = start == 0 ? content.position() : snapshotBytes;
                continue;
            }
            if (start == 0) {
                throw new DamagedJournalException(path, "no readable entry at byte 0");
            }
            int next = frame != null ? start : JournalFrame.nextAfter(content, lastNumber() + 1);
            if (next < 0) {
                cutTail(content, start);
                break;
            }
            content.position(next);
            JournalFrame after = JournalFrame.read(content);
            gaps.add(new Gap(path, start, next, lastNumber(), after.number()));
            frames.add(after);
            outOfDate = true;
        }
        if (!gaps.isEmpty()) {
            keepAside(content);
        }
        sizeBytes = file.sizeBytes();
    }

    /** What was being written when the broker ended was never answered. What is there whole but unreadable may have been. */
    private void cutTail(ByteBuffer content, int start) throws IOException {
        if (!JournalFrame.isCut(content)) {
            notes.add("The last entry of the coordination journal " + path + ", " + (content.limit() - start)
                    + " bytes from byte " + start + " on, cannot be read and is cut away: the change after "
                    + lastNumber() + " is lost here, if it was answered");
            keepAside(content);
        }
        file.truncate(start);
        file.force();
    }

    private void keepAside(ByteBuffer content) throws IOException {
        Path aside = folder.resolve(FILE_NAME + ".damaged");
        files.delete(aside);
        try (LogFile copy = files.open(aside)) {
            copy.append(content.duplicate().rewind());
        } catch (DiskFullException full) {
            notes.add("The damaged journal " + path + " cannot be kept as " + aside + ": " + full.getMessage());
        }
    }
}
