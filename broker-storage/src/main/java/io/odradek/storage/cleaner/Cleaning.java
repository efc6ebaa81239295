package io.odradek.storage.cleaner;

import io.odradek.storage.env.EventLoop;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.log.CleanedSegment;
import io.odradek.storage.log.DamagedSegmentException;
import io.odradek.storage.log.LogFileNames;
import io.odradek.storage.producer.LastBatch;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cleaning of one log, in steps that each read or write a bounded number of bytes:
 *
 * <pre>
 *   Asking ── the owner says what producers need ──▶ Mapping ── all dirty keys, or as many as fit ──▶ Rewriting
 *   Rewriting ── a group of segments is written ──▶ Swapping ── the owner swaps it in ──▶ Rewriting, or Done after the last
 *   Swapping ── its segments have left the log meanwhile ──▶ Done, given up
 * </pre>
 *
 * While it asks or swaps it waits for the log's owner, which lets it go on by {@code resume}.
 */
final class Cleaning implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaning.class);

    /** How far it is. */
    sealed interface State {
        record Asking() implements State {}

        record Mapping(KeyMapping mapping) implements State {}

        record Rewriting(GroupRewrite rewrite) implements State {}

        record Swapping(GroupRewrite rewrite) implements State {}

        /** @param cleanUpTo the offset below which the log is clean now, or nothing if it was given up */
        record Done(boolean givenUp, long cleanUpTo) implements State {}
    }

    private final LogFileSystem files;
    private final CleaningJob job;
    private final EventLoop owner;
    private final Runnable resume;
    private final OffsetMap map;
    private final CleanerBuffers buffers;
    private final CleaningStats stats;
    private State state = new State.Asking();
    private BatchCleaner cleaner;
    private AbortedTransactions aborted;
    private List<int[]> groups = List.of();
    private int nextGroup;

    /** Set on the owner's loop before {@code resume}. */
    private Map<Long, LastBatch> lastBatches;

    private boolean swapped;
    private IOException swapFailure;

    /** What a cleaning works with: the disk, memory of its loop, the log's owner, and a task that goes on with the cleaning. */
    record Means(LogFileSystem files, OffsetMap map, CleanerBuffers buffers, EventLoop owner, Runnable resume) {}

    Cleaning(CleaningJob job, Means means, CleaningStats stats) {
        this.files = means.files;
        this.job = job;
        this.owner = means.owner;
        this.resume = means.resume;
        this.map = means.map;
        this.buffers = means.buffers;
        this.stats = stats;
    }

    CleaningJob job() {
        return job;
    }

    CleaningStats stats() {
        return stats;
    }

    /** {@return how far it is} */
    State state() {
        return state;
    }

    /** {@return how many keys the dirty part has, as far as it was read} */
    long keys() {
        return map.size();
    }

    /** {@return what is remembered of it, now that it has ended} */
    CleanerFigures.Last ended() {
        return stats.ended(
                (double) map.size() / Math.max(map.capacity(), 1), job.range().overdueMs());
    }

    /** Begins, by asking the owner. */
    void begin() {
        owner.post(() -> {
            lastBatches = job.view().lastBatches();
            resume.run();
        });
    }

    /** Does a bounded piece of work. {@return whether to call again at once; if not, it is done or waits for the owner} */
    boolean step() throws IOException, UncleanableException {
        try {
            return state instanceof State.Asking
                    ? startMapping()
                    : state instanceof State.Mapping mapping
                            ? map(mapping.mapping)
                            : state instanceof State.Rewriting rewriting
                                    ? rewrite(rewriting.rewrite)
                                    : state instanceof State.Swapping swapping && finishSwap(swapping.rewrite);
        } catch (NoSuchFileException | EOFException | DamagedSegmentException e) {
            if (job.view().holds(0, job.view().count() - 1)) {
                throw new UncleanableException("somebody else has deleted or cut a file: " + e.getMessage());
            }
            giveUp();
            return false;
        }
    }

    private boolean startMapping() {
        state = new State.Mapping(new KeyMapping(files, job, map, buffers, stats));
        return true;
    }

    private boolean map(KeyMapping mapping) throws IOException, UncleanableException {
        if (mapping.step()) {
            return true;
        }
        mapping.close();
        if (mapping.full()) {
            reportFull(mapping);
        }
        TransactionMarks marks = new TransactionMarks();
        cleaner = new BatchCleaner(job, map, marks, lastBatches, buffers.maxInflatedBytes());
        aborted = new AbortedTransactions(files, job.view(), 0, marks);
        groups = groups();
        return nextGroup();
    }

    private void reportFull(KeyMapping mapping) throws UncleanableException {
        long base = job.view().baseOffset(mapping.segment());
        if (map.latestOffset() < job.range().firstDirtyOffset()) {
            throw new UncleanableException("the offset map has room for " + map.capacity()
                    + " keys, which is not enough for one batch: raise log.cleaner.dedupe.buffer.size");
        }
        if (mapping.fullInFirstSegment() && buffers.mapFoundSmall()) {
            LOG.warn(
                    "{}: segment {} alone has more keys than the {} that fit into the offset map. It is cleaned in pieces, each"
                            + " of which costs a pass over the log; raise log.cleaner.dedupe.buffer.size (24 bytes a key), and the heap with"
                            + " it if that is more than a fifth of it",
                    job.log().id(),
                    base,
                    map.size());
        } else {
            LOG.info(
                    "{}: the offset map is full with {} keys at offset {} in segment {}; the rest is cleaned next time",
                    job.log().id(),
                    map.size(),
                    map.latestOffset(),
                    base);
        }
    }

    private List<int[]> groups() throws IOException {
        int end = job.segmentsBefore(map.latestOffset() + 1);
        List<SegmentGroups.Sizes> sizes = new ArrayList<>(end);
        for (int i = 0; i < end; i++) {
            long indexBytes = Math.max(sizeBytes(i, LogFileNames.OFFSET_INDEX), sizeBytes(i, LogFileNames.TIME_INDEX));
            sizes.add(new SegmentGroups.Sizes(
                    job.view().baseOffset(i),
                    job.view().baseOffset(i + 1),
                    job.view().sizeBytes(i),
                    indexBytes));
        }
        return SegmentGroups.of(sizes, job.config().segmentBytes(), job.config().segmentIndexBytes());
    }

    private long sizeBytes(int segment, String suffix) throws IOException {
        try {
            return files.sizeBytes(job.view().path(segment, suffix));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private boolean nextGroup() {
        if (nextGroup == groups.size()) {
            state = new State.Done(false, map.latestOffset() + 1);
            return false;
        }
        state = new State.Rewriting(
                new GroupRewrite(files, job, cleaner, aborted, buffers, stats, groups.get(nextGroup++)));
        return true;
    }

    private boolean rewrite(GroupRewrite rewrite) throws IOException, UncleanableException {
        if (!job.view().holds(rewrite.first(), rewrite.end())) {
            giveUp();
            return false;
        }
        if (rewrite.step()) {
            return true;
        }
        rewrite.close();
        state = new State.Swapping(rewrite);
        owner.post(() -> {
            try {
                swapped = job.view().replace(rewrite.first(), rewrite.end(), rewrite.cleaned());
            } catch (IOException e) {
                swapFailure = e;
            } catch (RuntimeException e) {
                swapFailure = new IOException("The swap of a cleaned segment failed", e);
            }
            resume.run();
        });
        return false;
    }

    private boolean finishSwap(GroupRewrite rewrite) throws IOException {
        if (swapFailure != null) {
            throw swapFailure;
        }
        if (!swapped) {
            giveUp();
            return false;
        }
        files.forceFolder(job.view().folder());
        swapped = false;
        return nextGroup();
    }

    private void giveUp() throws IOException {
        close();
        state = new State.Done(true, -1);
    }

    /** Closes what is open and deletes what is not finished. */
    @Override
    public void close() throws IOException {
        if (state instanceof State.Mapping mapping) {
            mapping.mapping.close();
        }
        if (cleaner != null) {
            cleaner.close();
        }
        GroupRewrite open = state instanceof State.Rewriting rewriting
                ? rewriting.rewrite
                : state instanceof State.Swapping swapping && swapFailure == null ? swapping.rewrite : null;
        if (open != null) {
            open.close();
            CleanedSegment unfinished = open.cleaned();
            if (unfinished != null) {
                unfinished.discard();
            }
        }
    }
}
