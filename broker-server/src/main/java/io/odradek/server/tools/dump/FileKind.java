package io.odradek.server.tools.dump;

import io.odradek.storage.checkpoint.BrokerMetadataFile;
import io.odradek.storage.checkpoint.OffsetCheckpointFile;
import io.odradek.storage.log.LogFileNames;

/** What a file of a log folder holds, which its name tells. Those of a segment come in the order in which they are shown. */
enum FileKind {
    LOG("log", LogFileNames.LOG),
    OFFSET_INDEX("offsetIndex", LogFileNames.OFFSET_INDEX),
    TIME_INDEX("timeIndex", LogFileNames.TIME_INDEX),
    TRANSACTION_INDEX("transactionIndex", LogFileNames.TRANSACTION_INDEX),
    PRODUCER_SNAPSHOT("producerSnapshot", LogFileNames.PRODUCER_SNAPSHOT),
    LEADER_EPOCHS("leaderEpochs", LogFileNames.LEADER_EPOCHS),
    PARTITION_METADATA("partitionMetadata", LogFileNames.PARTITION_METADATA),
    BROKER_METADATA("brokerMetadata", BrokerMetadataFile.NAME),
    RECOVERY_POINTS("recoveryPoints", OffsetCheckpointFile.RECOVERY_POINTS),
    LOG_STARTS("logStarts", OffsetCheckpointFile.LOG_STARTS),
    HIGH_WATERMARKS("highWatermarks", OffsetCheckpointFile.HIGH_WATERMARKS),
    CLEANER_OFFSETS("cleanerOffsets", OffsetCheckpointFile.CLEANER_OFFSETS);

    private static final FileKind[] ALL = values();

    private final String label;
    private final String ending;

    FileKind(String label, String ending) {
        this.label = label;
        this.ending = ending;
    }

    /** {@return what JSON calls it} */
    String label() {
        return label;
    }

    /** {@return whether it belongs to a segment, so that its name begins with an offset} */
    boolean ofSegment() {
        return this.compareTo(PRODUCER_SNAPSHOT) <= 0;
    }

    /** {@return whether it says where in a log something lies} */
    boolean isIndex() {
        return this == OFFSET_INDEX || this == TIME_INDEX || this == TRANSACTION_INDEX;
    }

    /** {@return the kind of a file of this name, or null if it is none} */
    static FileKind of(String name) {
        for (FileKind kind : ALL) {
            if (kind.ofSegment() ? LogFileNames.is(name, kind.ending) : name.equals(kind.ending)) {
                return kind;
            }
        }
        return null;
    }
}
