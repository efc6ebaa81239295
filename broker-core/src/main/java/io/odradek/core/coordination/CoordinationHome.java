package io.odradek.core.coordination;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.manager.LogFolders;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Where the cluster's tree lives, as one broker reaches it. */
public interface CoordinationHome {
    /**
     * Opens a session. May be called from any thread, and again when a session has expired.
     *
     * @param loop where its results and watches arrive
     * @return the session, on the loop; fails with {@link IOException} and one line for the operator if the tree cannot be
     *     reached in time
     */
    CompletionStage<CoordinationSession> openSession(EventLoop loop);

    /**
     * {@return whether no other broker can ever reach this tree} Then what is in the broker's log folders is all that the
     * cluster has.
     */
    boolean isOneBrokers();

    /** {@return the number of the last change of the tree that was kept when it was opened, -1 if there was none or nobody counts} */
    default long lastChangeFound() {
        return -1;
    }

    /** {@return the number of the last change of the tree that is kept, -1 where nobody counts} On any thread. */
    default long lastChange() {
        return -1;
    }

    /** Gives up what this broker holds of it, after its sessions. {@return fails with {@link IOException} if something could not be kept} */
    CompletionStage<Void> close();

    /** Makes a broker's way to the tree. */
    interface Opener {
        /**
         * Opens the home; may block.
         *
         * @throws IOException if the disk fails, with a message of one line
         */
        CoordinationHome open(Surroundings surroundings) throws IOException;
    }

    /**
     * What a broker has for its tree.
     *
     * @param files the disk
     * @param folders the log folders, locked
     * @param loop the tree's own loop
     * @param blocking for work that blocks
     */
    record Surroundings(LogFileSystem files, LogFolders folders, EventLoop loop, Executor blocking) {}
}
