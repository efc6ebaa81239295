package io.odradek.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Index files of no segment, found when a log is loaded. They are deleted: put back, a segment gets new ones. Within a log, and
 * after a clean stop at its edges too, they are witnesses that segments have been taken away, and with them offsets: that is
 * told once for each gap. A crash leaves them as well: below the start of a log whose segments were being deleted, at the end of
 * one that was being cut, where nothing had been forced, and anywhere in a compacted one, whose segments are replaced.
 */
final class OrphanIndexes {
    private static final Logger LOGGER = LoggerFactory.getLogger(OrphanIndexes.class);

    private final LogState log;
    private final LogOpening opening;

    OrphanIndexes(LogState log, LogOpening opening) {
        this.log = log;
        this.opening = opening;
    }

    /** @param orphans the names of the files */
    void remove(List<String> orphans) throws IOException {
        SortedSet<Long> baseOffsets = new TreeSet<>();
        for (String name : orphans) {
            baseOffsets.add(LogFileNames.offset(name));
        }
        Set<Long> witnesses = log.config.mayBeCompacted() ? Set.of() : tell(baseOffsets);
        for (String name : orphans) {
            if (!witnesses.contains(LogFileNames.offset(name))) {
                LOGGER.warn("Deleting {} in {}, an index of no segment", name, log.folder);
            }
            log.context.files().delete(log.folder.resolve(name));
        }
    }

    /** {@return those that witness a gap} */
    private Set<Long> tell(SortedSet<Long> baseOffsets) {
        Set<Long> witnesses = new TreeSet<>();
        long told = -1;
        for (long baseOffset : baseOffsets) {
            long next = nextOffset(baseOffset);
            if (next > Math.max(baseOffset, opening.logStartOffset())) {
                witnesses.add(baseOffset);
                if (next != told) {
                    tell(baseOffset, next);
                }
                told = next;
            }
        }
        return witnesses;
    }

    private void tell(long baseOffset, long next) {
        Path file = LogFileNames.path(log.folder, baseOffset, LogFileNames.LOG);
        long from = Math.max(baseOffset, opening.logStartOffset());
        boolean atEnd = log.segments.floorIndex(baseOffset) == log.segments.all().length - 1;
        log.context.events().offsetsMissing(log.id, file, from, next, atEnd);
    }

    /** {@return the offset at which the log goes on behind a missing segment, -1 if the segment need not have been there} */
    private long nextOffset(long baseOffset) {
        LogSegment[] segments = log.segments.all();
        int before = log.segments.floorIndex(baseOffset);
        boolean edge = before < 0 || before == segments.length - 1;
        if (!opening.cleanShutdown() && (edge || baseOffset >= opening.recoveryPoint())) {
            return -1;
        }
        return before + 1 < segments.length ? segments[before + 1].baseOffset() : opening.recoveryPoint();
    }
}
