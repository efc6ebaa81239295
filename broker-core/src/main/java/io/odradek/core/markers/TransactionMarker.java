package io.odradek.core.markers;

import io.odradek.protocol.record.ControlRecord;

/**
 * The end of a producer's transaction, as it is written to each of its partitions.
 *
 * @param producerId whose it was
 * @param producerEpoch the epoch of the marker
 * @param record how it ends, and in which epoch of its coordinator
 * @param raisesEpoch whether what it ends was written in an earlier epoch: with transactions v2 (KIP-890). One that comes late
 *     is known by that (KIP-1228): the next transaction is in the marker's own epoch
 */
public record TransactionMarker(long producerId, short producerEpoch, ControlRecord record, boolean raisesEpoch) {}
