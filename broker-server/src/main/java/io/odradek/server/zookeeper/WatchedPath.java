package io.odradek.server.zookeeper;

import io.odradek.core.coordination.ChangeSignal;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A path that a session watches: one persistent watch of ZooKeeper's, however many listeners it has. Thread-safe. */
final class WatchedPath implements Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedPath.class);

    private final String path;
    private final Attachment attachment;
    private final List<ChangeSignal> signals = new ArrayList<>();

    WatchedPath(String path, Attachment attachment) {
        this.path = path;
        this.attachment = attachment;
    }

    /** Has the servers watch it, over this connection and those that follow. */
    void register() {
        attachment
                .client()
                .addWatch(
                        path,
                        this,
                        AddWatchMode.PERSISTENT,
                        (code, named, context) -> registered(Code.get(code)),
                        null);
    }

    /**
     * Has the servers watch it no longer: they are told of paths only, and each path has one watcher. (To remove a watcher
     * by itself removes it on this side alone.)
     */
    void unregister() {
        attachment.client().removeAllWatches(path, WatcherType.Any, true, (code, named, context) -> {}, null);
    }

    synchronized void add(ChangeSignal signal) {
        signals.add(signal);
    }

    /** {@return whether nobody listens any more} */
    synchronized boolean remove(ChangeSignal signal) {
        signals.remove(signal);
        return signals.isEmpty();
    }

    /** Tells all listeners to read again. */
    synchronized void changed() {
        signals.forEach(ChangeSignal::changed);
    }

    @Override
    public void process(WatchedEvent event) {
        // Events of no type are news of the session.
        if (event.getType() != Event.EventType.None && event.getType() != Event.EventType.PersistentWatchRemoved) {
            changed();
        }
    }

    /** A loss of the connection is mended with the next one; an end of the session ends the watch. */
    private void registered(Code code) {
        switch (code) {
            case OK, CONNECTIONLOSS, SESSIONEXPIRED -> LOG.debug("Watching {}: {}", path, code);
            default ->
                LOG.error("ZooKeeper does not let {} be watched: {}. It needs servers of 3.6 or later", path, code);
        }
    }
}
