package io.odradek.core.coordination;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What is in the tree and not yet in the journal: the group that is being written, and what has come since. Where the disks
 * are full it is taken back, so that the tree is again what the journal says. Belongs to the store's loop.
 */
final class Unkept {
    private final CoordinationTree tree;
    private Batch written = new Batch();
    private Batch since = new Batch();

    private static final class Batch {
        private final Deque<Runnable> undo = new ArrayDeque<>();
        private final List<Long> endedSessions = new ArrayList<>();
    }

    Unkept(CoordinationTree tree) {
        this.tree = tree;
    }

    /** A transaction has been applied. */
    void add(Runnable undo) {
        since.undo.push(undo);
    }

    /** A session has ended, which nothing takes back. */
    void ended(long session) {
        since.endedSessions.add(session);
    }

    /** What has come is being written. */
    void writing() {
        written = since;
        since = new Batch();
    }

    /** What was being written is kept. */
    void kept() {
        written = new Batch();
    }

    /** So is what has come since: it needs no journal. */
    void allKept() {
        written = new Batch();
        since = new Batch();
    }

    /** Takes all of it back. {@return the paths whose watchers are to be told: of nodes whose sessions have ended meanwhile} */
    List<String> takeBack() {
        since.undo.forEach(Runnable::run);
        written.undo.forEach(Runnable::run);
        List<String> touched = new ArrayList<>();
        for (Batch batch : List.of(written, since)) {
            batch.endedSessions.forEach(session -> touched.addAll(tree.endSession(session)));
        }
        allKept();
        return touched;
    }
}
