package io.odradek.core.coordinator.group;

/**
 * The transaction that positions are committed in.
 *
 * @param producerId whose it is
 * @param producerEpoch the epoch of that producer
 */
public record CommitTransaction(long producerId, short producerEpoch) {}
