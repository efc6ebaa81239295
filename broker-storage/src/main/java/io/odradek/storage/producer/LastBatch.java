package io.odradek.storage.producer;

/**
 * What must stay in a log so that a producer is remembered.
 *
 * @param lastOffset the last offset of its last batch with records, -1 if the last thing known of it is a marker
 * @param durableLastOffset that of its last batch which is on the disk, -1 if none is known: what comes after may be lost
 * @param epoch its epoch
 */
public record LastBatch(long lastOffset, long durableLastOffset, short epoch) {}
