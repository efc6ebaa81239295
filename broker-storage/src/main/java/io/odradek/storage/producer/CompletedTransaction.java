package io.odradek.storage.producer;

/**
 * A transaction whose marker has come (KIP-98).
 *
 * @param producerId whose it was
 * @param firstOffset the offset of its first record in the partition
 * @param lastOffset the offset of the marker
 * @param aborted whether the marker says ABORT
 * @param lastStableOffset the first offset of the oldest transaction that was open then, or the offset after the marker
 */
public record CompletedTransaction(
        long producerId, long firstOffset, long lastOffset, boolean aborted, long lastStableOffset) {}
