package io.odradek.server.zookeeper;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handle of ZooKeeper's own client that a session has at the time.
 *
 * <p>The client gives a session up by itself when it has heard of no server for 4/3 of the time-out (ZOOKEEPER-4508). But
 * only the ensemble ends sessions: while all of its servers are away, or start again, it ends none, and a cluster whose
 * brokers took their sessions for ended would serve nobody, though nothing has become of it. So another handle then takes
 * over the same session, and if that is over, a server says so. The same after a while where the client gives up because a
 * server has refused its login. Thread-safe.
 *
 * <pre>
 *   attached ── given up by the client, or refused ──▶ attached by another handle ──▶ ...
 *      └── ended by a server ──▶ over
 * </pre>
 */
final class Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    private final Opener opener;
    private final Clock clock;
    private final int sessionMs;
    private final Consumer<KeeperState> news;
    private final FewLines refusals;
    private volatile Consumer<Runnable> later;
    private volatile ZooKeeper client;
    private volatile int handles;
    private boolean connected;
    private boolean closed;
    private long sinceNs;

    /** Makes handles of the client. */
    interface Opener {
        /**
         * Makes one, which connects by itself.
         *
         * @param former the one whose session it takes over; null for a session of its own
         */
        ZooKeeper open(Watcher watcher, ZooKeeper former) throws IOException;
    }

    /**
     * @param sessionMs after how long a silent session ends, as it is asked for
     * @param news told of the session's states, one after the other; EXPIRED is a server's word
     */
    Attachment(Opener opener, Clock clock, int sessionMs, Consumer<KeeperState> news) throws IOException {
        this.opener = opener;
        this.clock = clock;
        this.sessionMs = sessionMs;
        this.news = news;
        this.refusals = new FewLines(LOG, clock);
        attach();
    }

    /** {@return the handle for the next call} */
    ZooKeeper client() {
        return client;
    }

    /** {@return how many handles the session has had} */
    int handles() {
        return handles;
    }

    /**
     * A server has taken a call: one that refuses the login from now on is asked again.
     *
     * @param inAWhile runs a task later
     */
    void welcomed(Consumer<Runnable> inAWhile) {
        later = inAWhile;
    }

    /** Hears nothing more. {@return the last handle, to be closed} */
    synchronized ZooKeeper detach() {
        closed = true;
        return client;
    }

    private synchronized void attach() throws IOException {
        int handle = handles + 1;
        handles = handle;
        connected = false;
        sinceNs = clock.monotonicNs();
        client = opener.open(event -> told(handle, event), client);
    }

    private synchronized void told(int handle, WatchedEvent event) {
        if (closed || handle != handles || event.getType() != Watcher.Event.EventType.None) {
            return;
        }
        // Where it has nothing to log in with, the client does not find the word.
        KeeperState state = event.getState() == null ? KeeperState.AuthFailed : event.getState();
        if (state == KeeperState.SyncConnected) {
            connected = true;
        }
        if (state == KeeperState.AuthFailed && later != null) {
            refusals.error("ZooKeeper refuses the login of this broker; it is tried again every few seconds");
            news.accept(KeeperState.Disconnected);
            later.accept(() -> attachAfterRefusal(handle));
        } else if (state != KeeperState.Expired || isServersWord() || !attachAgain()) {
            news.accept(state);
        }
    }

    /**
     * With a server's word the client's time-out is none any more. A handle that was never connected has none either: it
     * has a server's word if it did not have the time to give up.
     */
    private boolean isServersWord() {
        if (connected) {
            return client.getSessionTimeout() <= 0;
        }
        return clock.monotonicNs() - sinceNs < sessionMs * 1_000_000L;
    }

    private synchronized void attachAfterRefusal(int handle) {
        if (!closed && handle == handles && !attachAgain()) {
            news.accept(KeeperState.Expired);
        }
    }

    private boolean attachAgain() {
        news.accept(KeeperState.Disconnected);
        try {
            attach();
            return true;
        } catch (IOException | RuntimeException failure) {
            LOG.error("The session with ZooKeeper cannot be taken over by another connection; it is given up", failure);
            return false;
        }
    }
}
