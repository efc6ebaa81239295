package io.odradek.server.embedded;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.server.Broker;
import io.odradek.server.BrokerHost;
import io.odradek.server.BrokerOptions;
import io.odradek.server.env.MovableClock;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Meters;
import io.odradek.storage.io.NioLogFileSystem;
import io.odradek.storage.manager.StorageEnvironment.FailureListener;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lives of a broker that is alone: what it is started with, and the ports that its first life was given. */
final class OwnLives implements FailureListener {
    private static final Logger LOG = LoggerFactory.getLogger(OwnLives.class);
    private static final long PORT_PATIENCE_NS = 10_000_000_000L;
    private static final long LOOK_AGAIN_NS = 20_000_000;

    private final Map<String, String> settings;
    private final Path temporaryFolder;
    private final HeadStart headStart;
    private final BrokerGuard guard;
    private final MovableClock clock;
    private final Meters meters;
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private NioLogFileSystem disk;
    private boolean begun;

    /**
     * @param settings kept, and changed
     * @param temporaryFolder is removed at the end; null for none
     * @param headStart is over at the end
     * @param guard ends with it; null for nothing
     * @param meters keep what is counted
     */
    OwnLives(
            Map<String, String> settings,
            Path temporaryFolder,
            HeadStart headStart,
            BrokerGuard guard,
            MovableClock clock,
            Meters meters) {
        this.meters = meters;
        this.settings = settings;
        this.temporaryFolder = temporaryFolder;
        this.headStart = headStart;
        this.guard = guard;
        this.clock = clock;
    }

    MovableClock clock() {
        return clock;
    }

    /** {@return what guards it, null for nothing} */
    BrokerGuard guard() {
        return guard;
    }

    /** {@return the disk of the life that is now} */
    NioLogFileSystem disk() {
        return disk;
    }

    /** {@return what failed in the last of its log folders, once that has} */
    AtomicReference<IOException> failure() {
        return failure;
    }

    /** {@return a broker that serves} @param host may do something to it before it does */
    Broker start(BrokerHost host) throws IOException {
        failure.set(null);
        CoordinationHome.Opener tree = InProcessHome.journalled(JournalSettings.EMBEDDED);
        if (guard != null && !begun) {
            tree = guard.entries().before(tree, clock);
        }
        begun = true;
        BrokerOptions options = new BrokerOptions(Transport.NIO, true, meters, tree, this, 0, clock);
        BrokerConfig config = BrokerConfig.of(settings);
        disk = new NioLogFileSystem(config.int32("odradek.closed.segments.max.open.files"));
        return Broker.start(config, options, disk, host);
    }

    /** Stops a broker whose ports the next life is to have. */
    void stop(Broker last) throws IOException {
        settings.put("listeners", KeptPorts.in(settings.get("listeners"), last.advertised()));
        last.close();
    }

    /** {@return a broker that serves where the last one did} @param host as in {@link #start} */
    Broker startAgain(BrokerHost host) throws IOException {
        long deadlineNs = System.nanoTime() + PORT_PATIENCE_NS;
        while (true) {
            try {
                return start(host);
            } catch (IOException taken) {
                // Somebody may have had the port for a moment: a client that tries to reach it, for one.
                if (!(taken.getCause() instanceof BindException) || System.nanoTime() - deadlineNs > 0) {
                    throw taken;
                }
                LockSupport.parkNanos(LOOK_AGAIN_NS);
            }
        }
    }

    void removeTraces() {
        headStart.close();
        if (guard != null) {
            guard.close();
        }
        TemporaryFolder.remove(temporaryFolder);
    }

    @Override
    public void folderFailed(Path folder, IOException cause) {
        LOG.error("Log folder {} was the last one online, and has failed", folder, cause);
        failure.compareAndSet(null, cause);
    }
}
