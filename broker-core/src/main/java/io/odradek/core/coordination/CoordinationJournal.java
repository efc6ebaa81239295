package io.odradek.core.coordination;

import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.PassingFailure;
import io.odradek.storage.manager.StorageEnvironment.FailureListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the persistent part of the tree, in a copy in each log folder. A group of changes is kept when one copy has it. A
 * copy whose disk fails is given up and its folder reported; one whose disk is full is brought up to date by a snapshot when
 * there is room again. At the start the copy with the highest number is the one that counts ({@link JournalHistory} says
 * what is done where it is damaged), and the others are written anew with the first change. Numbers grow by one, and by a jump at each start ({@link JournalFrame#firstAfter}): a copy
 * that was written last goes before one that was away meanwhile.
 *
 * <p>Calls come one at a time; all but {@link #wantsSnapshot} may block.
 */
final class CoordinationJournal {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinationJournal.class);

    private final List<JournalCopy> copies = new ArrayList<>();
    private final FailureListener failures;
    private final Predicate<Path> online;
    private volatile long lastNumber = -1;
    private long nextNumber;
    private boolean fresh;

    private CoordinationJournal(FailureListener failures, Predicate<Path> online) {
        this.failures = failures;
        this.online = online;
    }

    /**
     * Opens the copies and replays the newest.
     *
     * @param folders the log folders that are online, at least one
     * @param failures is told of folders whose disk fails
     * @param online whether a folder may still be written
     * @param tree an empty tree, filled with what the journal holds
     * @throws IOException if no copy can be used; the message names it
     */
    static CoordinationJournal open(
            LogFileSystem files,
            List<Path> folders,
            FailureListener failures,
            Predicate<Path> online,
            JournalSettings settings,
            CoordinationTree tree)
            throws IOException {
        CoordinationJournal journal = new CoordinationJournal(failures, online);
        try {
            journal.openAll(files, folders, settings);
            journal.replay(tree);
            return journal;
        } catch (IOException | RuntimeException e) {
            journal.closeAfter(e);
            throw e;
        }
    }

    private void openAll(LogFileSystem files, List<Path> folders, JournalSettings settings) throws IOException {
        IOException failure = null;
        DamagedJournalException damage = null;
        List<Path> damaged = new ArrayList<>();
        for (Path folder : folders) {
            JournalCopy copy = new JournalCopy(files, folder, settings);
            copies.add(copy);
            try {
                copy.open();
            } catch (DamagedJournalException e) {
                damage = e;
                damaged.add(copy.path());
                copy.forgetFrames();
                copy.outOfDate();
            } catch (IOException e) {
                failure = e;
                copies.remove(copy);
                giveUp(copy, e);
                if (folders.size() > 1) {
                    failures.folderFailed(folder, e);
                }
            }
        }
        if (copies.isEmpty()) {
            throw failure;
        }
        if (damage != null && newest().lastNumber() < 0) {
            throw damage;
        }
        for (Path path : damaged) {
            LOG.warn(
                    "The coordination journal {} is damaged at its beginning; {} counts, and it is written anew",
                    path,
                    newest().path());
        }
    }

    /** {@return the copy with the highest number; of several, one without gaps} */
    private JournalCopy newest() {
        JournalCopy newest = copies.get(0);
        for (JournalCopy copy : copies) {
            boolean sounder = newest.gaps().size() > 0 && copy.gaps().isEmpty();
            if (copy.lastNumber() > newest.lastNumber() || copy.lastNumber() == newest.lastNumber() && sounder) {
                newest = copy;
            }
        }
        return newest;
    }

    private void replay(CoordinationTree tree) throws IOException {
        JournalCopy newest = newest();
        long newestNumber = newest.lastNumber();
        fresh = newestNumber < 0;
        nextNumber = JournalFrame.firstAfter(newestNumber);
        if (fresh) {
            return;
        }
        JournalHistory history = JournalHistory.of(copies, newest);
        lastNumber =
                history.gaps().isEmpty() ? newestNumber : history.gaps().get(0).before();
        history.tell();
        history.replay(tree, newest.path());
        for (JournalCopy copy : copies) {
            if (copy.lastNumber() < newestNumber) {
                copy.outOfDate();
            }
            copy.forgetFrames();
        }
    }

    /** {@return the number of the last group of changes that is kept, -1 for none} On any thread. */
    long lastNumber() {
        return lastNumber;
    }

    /** {@return whether there was no journal} */
    boolean fresh() {
        return fresh;
    }

    /** {@return whether the next write should come with a snapshot} */
    boolean wantsSnapshot() {
        for (JournalCopy copy : copies) {
            if (copy.wantsSnapshot()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Keeps a group of changes.
     *
     * @param snapshot the whole tree, with the changes; null unless {@link #wantsSnapshot}
     * @throws IOException if no copy could be written; if all disks are full, or no more files may be opened ({@link
     *     PassingFailure}), nothing of it is kept, and it may be tried again
     */
    void write(List<TreeChange> changes, List<TreeChange> snapshot) throws IOException {
        ByteBuffer group = new JournalFrame(nextNumber, changes).encode();
        ByteBuffer whole = snapshot == null ? null : new JournalFrame(nextNumber, snapshot).encode();
        boolean kept = false;
        List<JournalCopy> withoutRoom = new ArrayList<>();
        IOException passing = null;
        IOException failure = null;
        for (JournalCopy copy : List.copyOf(copies)) {
            if (!online.test(copy.folder())) {
                failure = new IOException("Log folder " + copy.folder() + " is offline");
                copies.remove(copy);
                giveUp(copy, failure);
                continue;
            }
            try {
                write(copy, group.duplicate(), whole == null ? null : whole.duplicate());
                kept = true;
            } catch (IOException e) {
                if (PassingFailure.is(e)) {
                    passing = e;
                    withoutRoom.add(copy);
                } else {
                    failure = e;
                    copies.remove(copy);
                    giveUp(copy, e);
                }
                failures.folderFailed(copy.folder(), e);
            }
        }
        if (kept) {
            lastNumber = nextNumber++;
            withoutRoom.forEach(JournalCopy::outOfDate);
        } else if (passing != null) {
            throw passing;
        } else {
            throw failure == null ? new IOException("No copy of the coordination journal is left") : failure;
        }
    }

    private static void write(JournalCopy copy, ByteBuffer group, ByteBuffer whole) throws IOException {
        if (whole == null || !copy.wantsSnapshot()) {
            copy.append(group);
            return;
        }
        try {
            copy.replace(whole);
        } catch (IOException e) {
            if (!PassingFailure.is(e) || copy.needsSnapshot()) {
                throw e;
            }
            copy.append(group);
        }
    }

    /** Closes the files. */
    void close() throws IOException {
        IOException failure = null;
        for (JournalCopy copy : copies) {
            try {
                copy.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void giveUp(JournalCopy copy, Exception cause) {
        try {
            copy.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void closeAfter(Exception cause) {
        for (JournalCopy copy : copies) {
            giveUp(copy, cause);
        }
    }
}
