package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.engine.EngineLoops;
import io.odradek.server.env.CpuTime;
import io.odradek.server.env.IoThreads;
import io.odradek.server.env.LazyEventLoop;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** The threads of a broker, but for those of its network. */
final class BrokerThreads implements AutoCloseable {
    private static final int MOST_BLOCKING_TASKS = 1_000_000;

    private final List<ThreadEventLoop> owners = new ArrayList<>();
    private final List<ThreadEventLoop> recovery = new ArrayList<>();
    private final ThreadEventLoop cluster;
    private final LazyEventLoop fetchers;
    private final ThreadEventLoop logIo;
    private final List<ThreadEventLoop> cleaners = new CopyOnWriteArrayList<>();
    private final List<LazyEventLoop> commits = new ArrayList<>();
    private final IoThreads blocking;
    private final Guests guests;
    private final boolean few;
    private int folders;

    /** @param few whether one loop does what otherwise several do */
    BrokerThreads(BrokerConfig config, Guests guests, boolean few) {
        this.guests = guests;
        this.few = few;
        this.folders = config.logDirs().size();
        for (int i = 0; i < config.int32("num.io.threads"); i++) {
            owners.add(new ThreadEventLoop("owner-" + i, few, guests).start());
        }
        if (guests.meters().kept()) {
            List<Thread> all = owners.stream().map(ThreadEventLoop::thread).toList();
            long startNs = guests.clock().monotonicNs();
            guests.meters()
                    .gauge("owners.idle.time", () -> idleNs(all, guests.clock().monotonicNs() - startNs));
        }
        startRecovery(config.int32("num.recovery.threads.per.data.dir"));
        cluster = new ThreadEventLoop("cluster", few, guests).start();
        fetchers = new LazyEventLoop("fetchers", few, guests);
        logIo = new ThreadEventLoop("log-io", few, guests).start();
        startCleaners(config.int32("log.cleaner.threads"));
        int commitThreads = config.int32("odradek.commit.threads.per.data.dir") * folders;
        for (int i = 0; i < commitThreads; i++) {
            commits.add(new LazyEventLoop("commit-" + i, few, guests));
        }
        blocking =
                few ? null : new IoThreads("blocking", config.int32("background.threads"), MOST_BLOCKING_TASKS, false);
    }

    /** Has as many logs of each folder recovered at once, where none has been loaded yet; they do not become fewer. */
    void startRecovery(int ofEachFolder) {
        for (int i = recovery.size(); ofEachFolder * folders > 1 && i < ofEachFolder * folders; i++) {
            recovery.add(new ThreadEventLoop("recovery-" + i, few, guests).start());
        }
    }

    /** Starts loops that clean, until there are so many. {@return that many of them} */
    List<EventLoop> startCleaners(int count) {
        for (int i = cleaners.size(); !few && i < count; i++) {
            cleaners.add(new ThreadEventLoop("cleaner-" + i, false, guests).start());
        }
        return few ? List.of(logIo) : List.<EventLoop>copyOf(cleaners).subList(0, count);
    }

    private List<EventLoop> cleaners() {
        return Collections.unmodifiableList(cleaners);
    }

    /** Ends those beyond so many, on which nothing is cleaned any more. */
    void endCleaners(int count) {
        while (!few && cleaners.size() > count) {
            cleaners.remove(cleaners.size() - 1).close();
        }
    }

    /** Changes how many threads there are at most for work that blocks. */
    void resizeBlocking(int threads) {
        if (blocking != null) {
            blocking.resize(threads);
        }
    }

    EngineLoops loops() {
        Executor executor = blocking == null ? logIo::post : blocking;
        return new EngineLoops(
                owners,
                cluster,
                fetchers,
                cluster,
                logIo,
                Collections.<EventLoop>unmodifiableList(recovery),
                blocking == null ? List.of(logIo) : cleaners(),
                List.<EventLoop>copyOf(commits),
                executor);
    }

    /** {@return how long loops have been idle, on average} */
    private static long idleNs(List<Thread> loops, long sinceStartNs) {
        return Math.max(0, sinceStartNs - CpuTime.usedNs(loops) / loops.size());
    }

    /** {@return the loops that have a thread now} */
    List<ThreadEventLoop> running() {
        List<ThreadEventLoop> running = new ArrayList<>(owners);
        running.addAll(recovery);
        running.add(cluster);
        running.add(logIo);
        running.addAll(cleaners);
        List<LazyEventLoop> lazy = new ArrayList<>(commits);
        lazy.add(fetchers);
        for (LazyEventLoop loop : lazy) {
            if (loop.ifStarted() != null) {
                running.add(loop.ifStarted());
            }
        }
        return running;
    }

    /** Ends the loops that load logs. */
    void endRecovery() {
        for (ThreadEventLoop loop : recovery) {
            loop.close();
        }
        recovery.clear();
    }

    /** Ends the partition owners, after what has been posted to them. */
    void endOwners() {
        for (ThreadEventLoop loop : owners) {
            loop.close();
        }
        owners.clear();
    }

    /** Ends what is left. */
    @Override
    public void close() {
        endRecovery();
        endOwners();
        // After the owners, who give back what the network has lent to fetchers.
        fetchers.close();
        if (blocking != null) {
            blocking.close();
        }
        for (ThreadEventLoop loop : cleaners) {
            loop.close();
        }
        for (LazyEventLoop loop : commits) {
            loop.close();
        }
        logIo.close();
        cluster.close();
    }
}
