package io.odradek.core.coordination;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.manager.LogFolder;
import io.odradek.storage.manager.LogFolders;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tree in a broker's own process, or in the one that it shares with the other brokers of its cluster. */
public final class InProcessHome implements CoordinationHome {
    /** The file in the log folders of a broker that has a tree of its own. */
    public static final String JOURNAL = JournalCopy.FILE_NAME;

    private final InProcessCoordinationStore store;
    private final boolean shared;
    private final long lastChangeFound;

    private InProcessHome(InProcessCoordinationStore store, boolean shared) {
        this.store = store;
        this.shared = shared;
        this.lastChangeFound = store.lastChange();
    }

    /** {@return opens a tree of the broker's own, kept by a journal in its log folders} */
    public static Opener journalled(JournalSettings settings) {
        return surroundings -> {
            LogFolders folders = surroundings.folders();
            InProcessCoordinationStore store = InProcessCoordinationStore.open(
                    surroundings.loop(),
                    surroundings.blocking(),
                    surroundings.files(),
                    folders.online(),
                    folders.failures(),
                    folders::isOnline,
                    settings.ofOneBroker());
            if (store.fresh()) {
                requireNoOtherJournal(folders);
            }
            return new InProcessHome(store, false);
        };
    }

    /** {@return opens the way to a tree that outlives the broker} */
    public static Opener sharing(InProcessCoordinationStore store) {
        return surroundings -> new InProcessHome(store, true);
    }

    @Override
    public CompletionStage<CoordinationSession> openSession(EventLoop loop) {
        return CompletableFuture.completedStage(store.openSession(loop));
    }

    @Override
    public boolean isOneBrokers() {
        return !shared;
    }

    @Override
    public CompletionStage<Void> close() {
        return shared ? CompletableFuture.completedStage(null) : store.close();
    }

    @Override
    public long lastChangeFound() {
        return shared ? -1 : lastChangeFound;
    }

    @Override
    public long lastChange() {
        return shared ? -1 : store.lastChange();
    }

    /** A cluster that is not new has its tree somewhere: another one beside it would not know of its topics. */
    private static void requireNoOtherJournal(LogFolders folders) throws IOException {
        for (LogFolder folder : folders.all()) {
            if (!folder.online() && folders.clusterId().isPresent()) {
                throw new IOException(
                        "What the cluster knows of its topics is in none of the log folders that can be used: "
                                + folder.failure().orElseThrow().getMessage()
                                + ". Repair that folder, or take it out of log.dirs to register the topics found in the others anew");
            }
        }
    }
}
