package io.odradek.storage.log;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.epoch.LeaderEpochCache;
import io.odradek.storage.epoch.MalformedCheckpointException;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a log of what stands in a partition's folder. */
final class LogLoader {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogLoader.class);

    private final LogState log;
    private final LogOpening opening;
    private final LogFileSystem files;

    LogLoader(LogState log, LogOpening opening) {
        this.log = log;
        this.opening = opening;
        this.files = log.context.files();
    }

    /** Loads, and recovers where the stop was unclean. {@return the topic's identifier} */
    Uuid load() throws IOException {
        files.createFolders(log.folder);
        if (!opening.cleanShutdown()) {
            log.names.changed();
        }
        log.metadataUnforced = !opening.cleanShutdown();
        Uuid topicId = topicId();
        List<String> names = new StrayFiles(files, log.folder).tidy();
        addSegments(names);
        boolean epochsKnown = loadEpochs(names);
        if (log.segments.all().length == 0) {
            if (opening.recoveryPoint() > opening.logStartOffset()) {
                LOGGER.warn(
                        "{} held records up to offset {}, and none of its segments is there: beginning anew at {}",
                        log.id,
                        opening.recoveryPoint(),
                        opening.logStartOffset());
            }
            start(opening.logStartOffset(), names);
            return topicId;
        }
        log.startOffset =
                Math.max(opening.logStartOffset(), log.segments.first().baseOffset());
        LogSegment[] below = log.segments.dropFirst(log.segments.floorIndex(log.startOffset));
        if (below.length > 0) {
            // What is the beginning now must be there for certain: nobody could tell that it is missing.
            files.forceFolder(log.folder);
            discard(below);
        }
        // Of a log without a byte there is nothing to be read, and no folder to be forced: many can be started at once.
        if (!epochsKnown && hasBytes()) {
            readEpochs();
            // Of old messages there are none, which need be found out only once.
            log.epochs.save();
            log.epochs.force();
            files.forceFolder(log.folder);
        }
        TransactionIndexes transactions = new TransactionIndexes(log);
        transactions.load(opening.cleanShutdown() ? Long.MAX_VALUE : opening.recoveryPoint(), names);
        tellOfMissingIndexes(names);
        boolean whole = opening.cleanShutdown() && loadClean(names);
        int trusted = whole || opening.cleanShutdown() ? log.segments.all().length - 1 : firstUnflushed();
        if (!whole) {
            recover(trusted, names);
        }
        buildMissingIndexes(Math.min(trusted, log.segments.all().length), names);
        transactions.repair();
        long end = log.endOffset;
        log.recoveryPoint = whole ? end : Math.min(Math.max(opening.recoveryPoint(), 0), end);
        log.epochs.truncateFromEnd(end);
        log.epochs.truncateFromStart(log.startOffset);
        if (whole) {
            log.rest();
        }
        if (log.startOffset > end) {
            LeftOut leftOut = new LeftOut(log, files.list(log.folder));
            leftOut.segments(log.segments.keepFirst(0));
            leftOut.tell("it is said to begin at " + log.startOffset + ", which is beyond its end at " + end);
            LOGGER.warn("{} begins at {} but ends at {}: beginning anew", log.id, log.startOffset, end);
            files.forceFolder(log.folder);
            start(log.startOffset, files.list(log.folder));
        }
        return topicId;
    }

    private Uuid topicId() throws IOException {
        Path path = log.folder.resolve(LogFileNames.PARTITION_METADATA);
        Uuid stored = PartitionMetadataFile.read(files, path);
        Uuid wanted = opening.topicId();
        if (stored.equals(Uuid.ZERO)) {
            if (!wanted.equals(Uuid.ZERO)) {
                PartitionMetadataFile.write(files, path, wanted);
                log.metadataUnforced = true;
                log.names.changed();
            }
            return wanted;
        }
        if (!wanted.equals(Uuid.ZERO) && !wanted.equals(stored)) {
            throw new ApiException(
                    ErrorCode.INCONSISTENT_TOPIC_ID,
                    log.folder + " belongs to topic id " + stored + ", not to " + wanted);
        }
        return stored;
    }

    private void addSegments(List<String> names) throws IOException {
        Set<String> logs = new HashSet<>();
        long nowMs = log.context.clock().wallMs();
        for (String name : names) {
            if (LogFileNames.is(name, LogFileNames.LOG)) {
                long baseOffset = LogFileNames.offset(name);
                logs.add(name.substring(0, name.length() - LogFileNames.LOG.length()));
                log.segments.add(LogSegment.existing(files, log.folder, baseOffset, log.indexBlock, nowMs));
            }
        }
        List<String> orphans = new ArrayList<>(0);
        for (String name : names) {
            int dot = name.lastIndexOf('.');
            boolean index = LogFileNames.is(name, LogFileNames.OFFSET_INDEX)
                    || LogFileNames.is(name, LogFileNames.TIME_INDEX)
                    || LogFileNames.is(name, LogFileNames.TRANSACTION_INDEX);
            if (index && !logs.contains(name.substring(0, dot))) {
                orphans.add(name);
            }
        }
        if (!orphans.isEmpty()) {
            new OrphanIndexes(log, opening).remove(orphans);
        }
    }

    /** {@return whether the epochs of the log are known from the file} */
    private boolean loadEpochs(List<String> names) throws IOException {
        Path path = log.folder.resolve(LogFileNames.LEADER_EPOCHS);
        try {
            log.epochs = LeaderEpochCache.load(files, path);
            if (opening.cleanShutdown()) {
                log.epochs.knownToBeForced();
            }
            return names.contains(LogFileNames.LEADER_EPOCHS);
        } catch (MalformedCheckpointException e) {
            if (hasBytes()) {
                LOGGER.warn("{}: reading the leader epochs from the batches: {}", log.id, e.getMessage());
            }
            log.epochs = LeaderEpochCache.empty(files, path);
            return false;
        }
    }

    /** Kafka makes a log with a file of epochs without a byte, to be written with the first one. */
    private boolean hasBytes() {
        for (LogSegment segment : log.segments.all()) {
            if (segment.sizeBytes() > 0) {
                return true;
            }
        }
        return false;
    }

    private void readEpochs() throws IOException {
        BatchScanner scanner = new BatchScanner(ByteBuffer.allocate(IndexBlock.SIZE_BYTES));
        for (LogSegment segment : log.segments.all()) {
            scanner.start(segment.file(), 0, segment.sizeBytes());
            while (scanner.next()) {
                log.epochs.assign(
                        RecordBatch.leaderEpoch(scanner.buffer(), scanner.at()),
                        RecordBatch.baseOffset(scanner.buffer(), scanner.at()));
            }
        }
    }

    private void start(long offset, List<String> names) throws IOException {
        log.createSegment(offset, log.context.clock().wallMs());
        log.startOffset = offset;
        log.endOffset = offset;
        log.recoveryPoint = offset;
        log.epochs.clear();
        new ProducerLoader(log).loadAt(-1, names);
    }

    private int firstUnflushed() {
        return Math.max(0, log.segments.floorIndex(opening.recoveryPoint()));
    }

    /** What lies below the recovery point is on the disk and stays, even where it is damaged and no index can be built. */
    private void buildMissingIndexes(int trusted, List<String> names) throws IOException {
        int missing = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < trusted; i++) {
                LogSegment segment = log.segments.all()[i];
                if (!hasIndexes(segment, names)) {
                    if (pass == 0) {
                        missing++;
                    } else {
                        log.context.events().loading(log.id, missing--, segment.sizeBytes());
                        buildIndexes(segment);
                    }
                }
            }
        }
    }

    /** At once for all: where the index files of a folder are gone, a line for each segment would hide everything else. */
    private void tellOfMissingIndexes(List<String> names) {
        int missing = 0;
        for (LogSegment segment : log.segments.all()) {
            if (!hasIndexes(segment, names)) {
                segment.indexesKnownToBeMissing();
                missing += segment.sizeBytes() > 0 ? 1 : 0;
            }
        }
        if (missing > 0) {
            log.context.events().indexesMissing(log.id, missing);
        }
    }

    private static boolean hasIndexes(LogSegment segment, List<String> names) {
        return Collections.binarySearch(names, index(segment, LogFileNames.OFFSET_INDEX)) >= 0
                && Collections.binarySearch(names, index(segment, LogFileNames.TIME_INDEX)) >= 0;
    }

    private void buildIndexes(LogSegment segment) throws IOException {
        try {
            LOGGER.debug("{}: building the missing indexes of segment {}", log.id, segment.baseOffset());
            segment.buildIndexes(false);
        } catch (DamagedSegmentException e) {
            LOGGER.error("{}: {}; records from there to the end of the segment cannot be read", log.id, e.getMessage());
        }
        segment.release();
    }

    /** {@return whether the active segment ends in a whole batch, where the log was said to end} */
    private boolean loadClean(List<String> names) throws IOException {
        LogSegment last = log.segments.active();
        BatchScanner scanner = log.scanner();
        try {
            last.seek(scanner, Long.MAX_VALUE);
        } catch (DamagedSegmentException e) {
            LOGGER.warn("{} was closed but is damaged: {}", log.id, e.getMessage());
            return false;
        }
        long end = Math.max(last.baseOffset(), scanner.nextOffset());
        if (opening.recoveryPoint() > 0 && opening.recoveryPoint() != end) {
            LOGGER.warn("{} was closed at offset {} but ends at {}", log.id, opening.recoveryPoint(), end);
            return false;
        }
        log.endOffset = end;
        new ProducerLoader(log).loadAt(end, names);
        return true;
    }

    private static String index(LogSegment segment, String suffix) {
        return LogFileNames.name(segment.baseOffset(), suffix);
    }

    private void recover(int firstIndex, List<String> names) throws IOException {
        LOGGER.info(
                "{}: recovering {} segments from offset {}",
                log.id,
                log.segments.all().length - firstIndex,
                Math.max(log.segments.all()[firstIndex].baseOffset(), opening.recoveryPoint()));
        new SegmentRecovery(log, opening, names).recover(firstIndex);
    }

    private void discard(LogSegment[] removed) throws IOException {
        for (int i = removed.length - 1; i >= 0; i--) {
            removed[i].discard(log.context.events(), log.config);
        }
    }
}
