package io.odradek.server.zookeeper;

import io.odradek.core.coordination.ChangeSignal;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Meters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session hears from its ensemble: that it is connected, that it has expired, and that something has changed where
 * it watches. What changed while there was no connection is not told by the servers: so with each new connection every
 * listener is told to read again, in the order in which the paths were first watched. Thread-safe; listeners are called on
 * the session's loop.
 */
final class SessionNews {
    private static final Logger LOG = LoggerFactory.getLogger(SessionNews.class);

    private final EventLoop loop;
    private final Meters.Counter connects;
    private final Meters.Counter disconnects;
    private final Meters.Counter expiries;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final Map<String, WatchedPath> paths = new LinkedHashMap<>();
    private final List<Runnable> expiryListeners = new ArrayList<>();
    private boolean missed;
    private boolean ended;
    private boolean expired;
    private volatile boolean refused;

    /** @param meters count {@code zookeeper.connects}, {@code zookeeper.disconnects} and {@code zookeeper.expiries} */
    SessionNews(EventLoop loop, Meters meters) {
        this.loop = loop;
        this.connects = meters.counter("zookeeper.connects");
        this.disconnects = meters.counter("zookeeper.disconnects");
        this.expiries = meters.counter("zookeeper.expiries");
    }

    /** Waits for the first connection, or that one is refused. {@return whether there was either in time} */
    boolean awaitConnection(long timeoutMs) throws InterruptedException {
        return connected.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** {@return whether the login of this broker has been refused} */
    boolean isRefused() {
        return refused;
    }

    /** Watches a path. {@return ends that} */
    AutoCloseable watch(Attachment attachment, String path, Runnable changed) {
        ChangeSignal signal = new ChangeSignal(loop, changed);
        synchronized (this) {
            WatchedPath watched = paths.get(path);
            if (watched == null) {
                watched = new WatchedPath(path, attachment);
                paths.put(path, watched);
                watched.register();
            }
            watched.add(signal);
        }
        return () -> {
            signal.close();
            forget(path, signal);
        };
    }

    /** Has a listener called when the session has expired, or at once if it has. */
    synchronized void onExpiry(Runnable listener) {
        if (expired) {
            loop.post(listener);
        } else {
            expiryListeners.add(listener);
        }
    }

    /** The session is ended by its broker: nobody is told anything any more. */
    synchronized void close() {
        ended = true;
        paths.clear();
        expiryListeners.clear();
    }

    /** {@return whether a server has ended the session, or its broker has} */
    synchronized boolean isOver() {
        return ended;
    }

    /** Tells what has become of the session. */
    synchronized void tell(KeeperState state) {
        if (ended) {
            return;
        }
        switch (state) {
            case SyncConnected -> connectedNow();
            case Disconnected -> disconnected();
            case Expired -> expired();
            case AuthFailed -> {
                refused = true;
                connected.countDown();
            }
            default -> LOG.debug("The session with ZooKeeper is {}", state);
        }
    }

    private void disconnected() {
        disconnects.add(1);
        if (!missed) {
            missed = true;
            LOG.warn("The connection with ZooKeeper is lost; the session goes on if there is another in time");
        }
    }

    private void connectedNow() {
        connects.add(1);
        connected.countDown();
        if (missed) {
            missed = false;
            LOG.info("There is a connection with ZooKeeper again");
            for (WatchedPath path : paths.values()) {
                path.register();
                path.changed();
            }
        }
    }

    private void expired() {
        expiries.add(1);
        ended = true;
        expired = true;
        paths.clear();
        expiryListeners.forEach(loop::post);
        expiryListeners.clear();
    }

    private synchronized void forget(String path, ChangeSignal signal) {
        WatchedPath watched = paths.get(path);
        if (watched != null && watched.remove(signal)) {
            paths.remove(path);
            watched.unregister();
        }
    }
}
