package io.odradek.storage.cleaner;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.cleaner.CleanableRange.Piece;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.SegmentsView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans the logs whose {@code cleanup.policy} includes compact: again and again the one with the highest share of dirty
 * bytes. A log with something in it that cannot be read is set aside, and the others go on; it comes back when it has been
 * truncated, and with a restart. Thread-safe.
 */
public final class LogCleaner {
    private static final Logger LOG = LoggerFactory.getLogger(LogCleaner.class);

    private final Environment environment;
    private volatile CleanerSettings settings;
    private final CleanerTable table;
    private final IoThrottle throttle;
    private volatile List<CleanerLoop> loops = List.of();
    /** Not this monitor, which steps that are waited for may need. */
    private final Object changing = new Object();

    private boolean closed;
    private boolean loaded;
    private volatile long lastRunNs;

    /**
     * What the cleaner works with.
     *
     * @param files the disk
     * @param clock time
     * @param randoms chance
     * @param owners the loop of each log's owner
     * @param logs the logs of the broker, a live view
     * @param folders the log folders that are in use now
     * @param failures is told of log folders that fail
     */
    public record Environment(
            LogFileSystem files,
            Clock clock,
            Randoms randoms,
            Function<TopicPartition, EventLoop> owners,
            Collection<Log> logs,
            Supplier<List<Path>> folders,
            Failures failures) {}

    /** Hears of log folders in which an operation failed. */
    public interface Failures {
        void folderFailed(Path logFolder, IOException cause);
    }

    /** @param on the loops that it works on; each cleans one log at a time, and with none nothing is cleaned */
    public LogCleaner(Environment environment, CleanerSettings settings, List<EventLoop> on) {
        this.environment = environment;
        this.settings = settings;
        this.table = new CleanerTable(environment.files());
        this.throttle = new IoThrottle(environment.clock(), settings.maxBytesPerSecond());
        workOn(on);
    }

    /** Changes the settings; a cleaning that is under way ends with the memory that it has. */
    public void settings(CleanerSettings now) {
        settings = now;
        throttle.bound(now.maxBytesPerSecond());
    }

    /**
     * Changes the loops that it works on. Blocks until no step is running on those that go; what they were cleaning is given up,
     * and begun again by another.
     *
     * @param on all that it is to work on from now on
     */
    public void resize(List<EventLoop> on) {
        synchronized (changing) {
            if (closed) {
                return;
            }
            List<CleanerLoop> before = loops;
            workOn(on);
            for (CleanerLoop loop : loops) {
                if (!before.contains(loop)) {
                    loop.start();
                }
            }
            for (CleanerLoop loop : before) {
                if (!loops.contains(loop)) {
                    loop.close();
                }
            }
        }
    }

    private void workOn(List<EventLoop> on) {
        List<CleanerLoop> next = new ArrayList<>(on.size());
        for (EventLoop loop : on) {
            CleanerLoop working = null;
            for (CleanerLoop known : loops) {
                working = known.loop() == loop ? known : working;
            }
            next.add(working == null ? new CleanerLoop(loop, this) : working);
        }
        loops = List.copyOf(next);
    }

    /** {@return memory for one loop, which it may make use of} */
    CleanerBuffers buffers() {
        return new CleanerBuffers(settings.bufferBytes(loops.size()), settings.maxInflatedBytes());
    }

    /** Begins; the first log is looked for after {@code log.cleaner.backoff.ms}. */
    public void start() {
        for (CleanerLoop loop : loops) {
            loop.start();
        }
    }

    /** Ends; returns when no step is running any more. */
    public void close() {
        synchronized (changing) {
            closed = true;
            for (CleanerLoop loop : loops) {
                loop.close();
            }
        }
    }

    /** {@return how long ago it last looked what to clean, in milliseconds; 0 before it has} */
    public long sinceLastRunMs() {
        return lastRunNs == 0 ? 0 : (environment.clock().monotonicNs() - lastRunNs) / 1_000_000;
    }

    /** {@return the logs that are not cleaned, and why} */
    public synchronized SortedMap<TopicPartition, String> setAside() {
        return table.setAside();
    }

    CleanerSettings settings() {
        return settings;
    }

    IoThrottle throttle() {
        return throttle;
    }

    Cleaning cleaning(CleaningJob job, CleanerBuffers buffers, Runnable resume) {
        KeyHash hash = new KeyHash(
                environment.randoms().nextLong(), environment.randoms().nextLong());
        OffsetMap map = new OffsetMap(hash, settings.mapBytes(loops.size()), settings.loadFactor());
        EventLoop owner = environment.owners().apply(job.log().id());
        Cleaning.Means means = new Cleaning.Means(environment.files(), map, buffers, owner, resume);
        return new Cleaning(job, means, new CleaningStats(environment.clock()));
    }

    /** {@return what to clean next, null if there is nothing; to be given back by {@link #release} or {@link #cleaned}} */
    synchronized CleaningJob next() {
        lastRunNs = environment.clock().monotonicNs();
        load();
        Map<TopicPartition, Log> logs = logs();
        table.keepOnly(logs);
        CleaningJob best = null;
        for (Log log : logs.values()) {
            if (log.config().compactsNow()) {
                CleaningJob job = job(log);
                if (job != null
                        && (best == null
                                || job.range().dirtyRatio() > best.range().dirtyRatio())) {
                    best = job;
                }
            }
        }
        saveAll(logs);
        if (best != null) {
            table.entry(best.log(), best.view()).inProgress(true);
        }
        return best;
    }

    private void load() {
        if (!loaded) {
            loaded = true;
            for (Path folder : environment.folders().get()) {
                try {
                    table.load(folder);
                } catch (IOException e) {
                    environment.failures().folderFailed(folder, e);
                }
            }
        }
    }

    private Map<TopicPartition, Log> logs() {
        Map<TopicPartition, Log> logs = new TreeMap<>();
        for (Log log : environment.logs()) {
            logs.put(log.id(), log);
        }
        return logs;
    }

    private CleaningJob job(Log log) {
        SegmentsView view = log.segments();
        LogConfig config = log.config();
        CleanerTable.Entry entry = table.entry(log, view);
        if (!entry.available() || view.copied()) {
            return null;
        }
        long nowMs = environment.clock().wallMs();
        try {
            CleanableRange range = range(view, config, entry, nowMs);
            if (range.checkpointWrong()) {
                LOG.info(
                        "{}: the dirty part begins at {}, as the checkpoint {} is not between {} and {}",
                        log.id(),
                        range.firstDirtyOffset(),
                        entry.checkpoint(),
                        view.startOffset(),
                        view.endOffset());
                entry.checkpoint(range.firstDirtyOffset());
            }
            return range.due(config.minCleanableDirtyRatio()) ? new CleaningJob(log, view, range, config, nowMs) : null;
        } catch (IOException e) {
            environment.failures().folderFailed(view.folder().getParent(), e);
            return null;
        }
    }

    private CleanableRange range(SegmentsView view, LogConfig config, CleanerTable.Entry entry, long nowMs)
            throws IOException {
        CleanableRange.Shape shape = new CleanableRange.Shape(
                view.startOffset(), view.endOffset(), view.stableOffset(), pieces(view, config, entry));
        return CleanableRange.of(shape, entry.checkpoint(), config, nowMs);
    }

    private static List<Piece> pieces(SegmentsView view, LogConfig config, CleanerTable.Entry entry)
            throws IOException {
        boolean timed = config.minCompactionLagMs() > 0 || config.maxCompactionLagMs() != Long.MAX_VALUE;
        List<Piece> pieces = new ArrayList<>(view.count());
        for (int i = 0; i < view.count(); i++) {
            boolean dirty = i < view.count() - 1 && view.baseOffset(i + 1) > entry.checkpoint();
            SegmentsView.Timestamps times = timed && dirty ? entry.timestamps(view, i) : null;
            pieces.add(new Piece(
                    view.baseOffset(i),
                    view.sizeBytes(i),
                    times == null ? -1 : times.firstMs(),
                    times == null ? Long.MAX_VALUE : times.largestMs()));
        }
        return pieces;
    }

    /** Notes the end of a cleaning that succeeded, and saves it. */
    synchronized void cleaned(CleaningJob job, long cleanUpTo) {
        table.cleaned(job, cleanUpTo);
        table.release(job);
        saveAll(logs());
    }

    private void saveAll(Map<TopicPartition, Log> logs) {
        for (Path folder : environment.folders().get()) {
            try {
                table.save(folder, logs);
            } catch (IOException e) {
                environment.failures().folderFailed(folder, e);
            }
        }
    }

    /** Gives a log back that was not cleaned. */
    synchronized void release(CleaningJob job) {
        table.release(job);
    }

    /** A log cannot be cleaned for what is in it. */
    synchronized void setAside(CleaningJob job, String why) {
        CleanerTable.Entry entry = table.current(job);
        if (entry != null) {
            LOG.error(
                    "{} is not cleaned until it is truncated or the broker restarted: {}",
                    job.log().id(),
                    why);
            entry.setAside(why);
        }
    }

    /** The disk failed in a cleaning; of a log that has gone meanwhile, nothing else was to be expected. */
    synchronized void failed(CleaningJob job, IOException cause) {
        boolean alive = environment.logs().contains(job.log());
        if (alive && job.view().folder().equals(job.log().folder())) {
            environment.failures().folderFailed(job.view().folder().getParent(), cause);
        } else {
            LOG.info(
                    "{}: the cleaning was given up, as the log has gone: {}",
                    job.log().id(),
                    cause.getMessage());
        }
    }
}
