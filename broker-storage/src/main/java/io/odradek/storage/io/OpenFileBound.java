package io.odradek.storage.io;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many files are open of those that may be closed between two uses. When one more is opened, the one that has
 * not been used for longest is given up: that is, the first in the order of opening that was not used since it was looked
 * at last, so that a use costs no more than to set a flag. Files that are in use just now, or must first be forced, stay
 * open beyond the bound. Thread-safe; never holds its lock while it calls a file.
 */
final class OpenFileBound {
    /** A file that can be opened again by itself. */
    interface Spare {
        /** {@return whether it was used since this was asked last, or may not be given up now} */
        boolean usedLately();

        /** Closes what the system has open of it, unless it is in use. {@return whether nothing is open any more} */
        boolean giveUp() throws IOException;

        /** {@return whether it still may be given up} */
        boolean mayBeGivenUp();
    }

    /** The bound that is none. */
    static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final int MOST_LOOKS = 64;
    private static final Logger LOGGER = LoggerFactory.getLogger(OpenFileBound.class);

    private final int maxOpen;
    private final LinkedHashSet<Spare> open = new LinkedHashSet<>();

    /** @param maxOpen how many files may be open */
    OpenFileBound(int maxOpen) {
        this.maxOpen = maxOpen;
    }

    /** Counts a file that is open; gives up others if it is one too many. */
    void opened(Spare file) {
        if (maxOpen == UNBOUNDED) {
            return;
        }
        synchronized (this) {
            // Closed for good in the meantime, it would stay here for ever.
            if (!file.mayBeGivenUp() || !open.add(file) || open.size() <= maxOpen) {
                return;
            }
        }
        for (int i = 0; i < MOST_LOOKS; i++) {
            Spare candidate = takeCandidate();
            if (candidate == null) {
                return;
            }
            if (candidate.usedLately() || !giveUp(candidate)) {
                putBack(candidate);
            }
        }
    }

    /** {@return whether more files are open than may be, as they are in use} */
    synchronized boolean isExceeded() {
        return open.size() > maxOpen;
    }

    private synchronized Spare takeCandidate() {
        if (open.size() <= maxOpen) {
            return null;
        }
        Iterator<Spare> files = open.iterator();
        Spare first = files.next();
        files.remove();
        return first;
    }

    private static boolean giveUp(Spare file) {
        try {
            return file.giveUp();
        } catch (IOException e) {
            // What was left to be forced is so when the file is open again; whoever opens another one must not pay for
            // it.
            LOGGER.warn("Closing a file that was not in use: {}", e.getMessage());
            return true;
        }
    }

    private synchronized void putBack(Spare file) {
        if (file.mayBeGivenUp()) {
            open.add(file);
        }
    }

    /** Counts a file no more: it is closed for good, or must stay open. */
    synchronized void remove(Spare file) {
        open.remove(file);
    }
}
