package io.odradek.server.tools.storage;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.engine.NewStorage;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.ToolException;
import io.odradek.server.zookeeper.ZooKeeperCoordinationStore;
import io.odradek.storage.checkpoint.BrokerMetadataFile;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Meters;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.manager.LogFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The log folders and the tree of a broker that does not run, locked and open while they are prepared. */
final class Formatting implements AutoCloseable {
    private final Guests guests = new Guests(new SystemClock(), new SecureRandoms());
    private final ThreadEventLoop loop = new ThreadEventLoop("odradek-storage", true, guests).start();
    private final ExecutorService blocking = Executors.newSingleThreadExecutor();
    private final BrokerConfig config;
    private final LogFileSystem files;
    private final LogFolders folders;
    private CoordinationHome home;
    private CoordinationSession session;

    private Formatting(BrokerConfig config, LogFileSystem files, LogFolders folders) {
        this.config = config;
        this.files = files;
        this.folders = folders;
    }

    /**
     * Locks the folders, and reaches the tree.
     *
     * @throws IOException if a broker uses the folders, or the tree cannot be reached; the message is one line
     */
    static Formatting open(BrokerConfig config, LogFileSystem files) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (String folder : config.logDirs()) {
            paths.add(Path.of(folder));
        }
        Formatting formatting = new Formatting(config, files, LogFolders.open(files, paths));
        try {
            formatting.openTree();
            return formatting;
        } catch (IOException | RuntimeException failure) {
            formatting.close();
            throw failure;
        }
    }

    private void openTree() throws IOException {
        CoordinationHome.Opener opener = InProcessHome.journalled(JournalSettings.DURABLE);
        if (config.zooKeeperConnect() != null) {
            ZooKeeperCoordinationStore.prepareProcess(config);
            opener = ZooKeeperCoordinationStore.opener(config, guests.clock(), Meters.NONE);
        }
        home = opener.open(new CoordinationHome.Surroundings(files, folders, loop, blocking));
        session = join(home.openSession(loop));
    }

    private static <T> T join(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failure) {
            Throwable cause = failure.getCause();
            throw cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
        }
    }

    /** @throws ToolException if a folder has a cluster already */
    void refuseFormatted() throws IOException {
        for (Path folder : folders.paths()) {
            if (new BrokerMetadataFile(files, folder).read().isPresent()) {
                throw new ToolException("Log directory " + folder
                        + " is already formatted. Use --ignore-formatted to leave it as it is and format the others");
            }
        }
    }

    /** Makes folders and tree those of a cluster, where they are nobody's. */
    void format(String clusterId, Terminal terminal) throws IOException {
        List<Path> fresh = new ArrayList<>();
        for (Path folder : folders.online()) {
            if (new BrokerMetadataFile(files, folder).read().isEmpty()) {
                fresh.add(folder);
            }
        }
        if (folders.clusterId().isPresent() && !folders.clusterId().get().equals(clusterId)) {
            throw new ToolException("The log directories belong to cluster "
                    + folders.clusterId().get() + ", and not to " + clusterId);
        }
        int brokerId =
                join(new NewStorage(config, session, loop).claim(clusterId, folders.brokerId(), home.isOneBrokers()));
        folders.claim(brokerId, clusterId);
        for (Path folder : fresh) {
            terminal.line("Formatted " + folder + " for broker " + brokerId + " of cluster " + clusterId + ".");
        }
        if (fresh.isEmpty()) {
            terminal.line("All of the log directories are already formatted.");
        }
    }

    /** Adds users to the tree. */
    void add(List<FirstUser> users, Terminal terminal) throws IOException {
        NewStorage storage = new NewStorage(config, session, loop);
        for (FirstUser user : users) {
            join(storage.addUser(user.name(), user.mechanism(), user.credential(guests.randoms())));
            terminal.line("Added " + user + ".");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (session != null) {
                session.close();
            }
            if (home != null) {
                join(home.close());
            }
        } finally {
            loop.close();
            blocking.shutdown();
            folders.close();
        }
    }
}
