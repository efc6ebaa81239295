package io.odradek.core.markers;

import io.odradek.protocol.record.ControlRecord;

/**
 * The end of a producer's transaction, as it is written to each of its partitions.
 *
 * @param producerId whose it was
 * @param producerEpoch the epoch of the marker
 * @param record how it ends, and in which epoch of its coordinator
 */
public record TransactionMarker(long producerId, short producerEpoch, ControlRecord record) {}
