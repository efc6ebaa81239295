package io.odradek.core.partition;

import io.odradek.core.purgatory.OffsetWatches;
import io.odradek.core.purgatory.WatchList;

/**
 * Those who wait for one partition, and what has happened since they were told last. Who waits for one thing is not asked at
 * another: thousands of producers may wait for the high watermark while records are appended. Belongs to the owner's loop.
 */
public final class PartitionWatches {
    private final WatchList changes = new WatchList();
    private WatchList appends;
    private OffsetWatches commits;
    private OffsetWatches forces;
    private boolean appended;
    private boolean changed;
    private boolean leadershipEnded;

    /** {@return those who wait for a moved high watermark or log start, or another role} */
    public WatchList changes() {
        return changes;
    }

    /** {@return those who wait for these and for appends too} */
    public WatchList appends() {
        if (appends == null) {
            appends = new WatchList();
        }
        return appends;
    }

    /** {@return those who wait for the high watermark to reach an offset, while this replica leads} */
    public OffsetWatches commits() {
        if (commits == null) {
            commits = new OffsetWatches();
        }
        return commits;
    }

    /** {@return those who wait for an offset to be forced to the disk, while this replica leads} */
    public OffsetWatches forces() {
        if (forces == null) {
            forces = new OffsetWatches();
        }
        return forces;
    }

    /** {@return how many wait} */
    public int size() {
        return changes.size()
                + (appends == null ? 0 : appends.size())
                + (commits == null ? 0 : commits.size())
                + (forces == null ? 0 : forces.size());
    }

    /** Records have been appended that only followers see yet. */
    void appended() {
        appended = true;
    }

    /** Anything else has changed. */
    void changed() {
        changed = true;
    }

    /** This replica leads no more. */
    void leadershipEnded() {
        changed = true;
        leadershipEnded = true;
    }

    /** {@return whether there is something to be told} */
    boolean areDue() {
        return appended || changed;
    }

    /**
     * Tells of what has happened.
     *
     * @param highWatermark the high watermark
     * @param forcedOffset the offset before which all is forced
     */
    void announce(long highWatermark, long forcedOffset) {
        boolean moreThanAppends = changed;
        boolean ended = leadershipEnded;
        appended = false;
        changed = false;
        leadershipEnded = false;
        if (moreThanAppends) {
            announce(commits, ended, highWatermark);
            announce(forces, ended, forcedOffset);
            changes.changed();
        }
        if (appends != null) {
            appends.changed();
        }
    }

    private static void announce(OffsetWatches watches, boolean ended, long offset) {
        if (watches == null) {
            return;
        }
        if (ended) {
            watches.changed();
        }
        watches.reached(offset);
    }
}
