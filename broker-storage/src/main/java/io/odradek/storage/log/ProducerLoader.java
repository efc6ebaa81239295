package io.odradek.storage.log;

import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.producer.ProducerSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the producer state to an offset: the newest whole snapshot at or before it, then the batches in between. */
final class ProducerLoader {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerLoader.class);

    private final LogState log;

    ProducerLoader(LogState log) {
        this.log = log;
    }

    /**
     * Loads the state as of an offset, whole whatever the age of its producers: they are forgotten by {@link
     * LogProducers#expire} alone, so that the same ones are known however the last stop was. Deletes the snapshots of later
     * ones. Of earlier ones the newest stays, and those of the offsets at which segments begin.
     */
    void loadAt(long offset, List<String> names) throws IOException {
        log.producers.clear();
        LogFileSystem files = log.context.files();
        long first = log.segments.first().baseOffset();
        long from = -1;
        for (int i = names.size() - 1; i >= 0; i--) {
            String name = names.get(i);
            if (!LogFileNames.is(name, LogFileNames.PRODUCER_SNAPSHOT)) {
                continue;
            }
            Path path = log.folder.resolve(name);
            long snapshotOffset = LogFileNames.offset(name);
            if (snapshotOffset > offset || snapshotOffset < first) {
                // Of an offset that is not reached, or before batches that are gone: nothing says what they changed.
                files.delete(path);
                log.names.changed();
            } else if (from < 0) {
                if (ProducerSnapshot.read(files, path, log.producers)) {
                    from = snapshotOffset;
                } else {
                    LOGGER.warn("Deleting {}, which is no whole producer snapshot", path);
                    files.delete(path);
                }
            } else if (!beginsASegment(snapshotOffset)) {
                // Left by a stop; newer ones have made it useless, and every stop leaves one.
                files.delete(path);
            }
        }
        log.snapshotOffset = from;
        if (from < offset) {
            new ProducerReplay(log, log.producers).replay(Math.max(from, first), offset);
        }
    }

    private boolean beginsASegment(long offset) {
        int index = log.segments.floorIndex(offset);
        return index >= 0 && log.segments.all()[index].baseOffset() == offset;
    }
}
