package io.odradek.storage.log;

/**
 * What an append did.
 *
 * @param firstOffset the offset of the first record
 * @param lastOffset the offset of the last record
 * @param logAppendTimeMs the broker's timestamp, or -1 with CreateTime
 * @param logStartOffset the log's start
 * @param duplicate whether an idempotent producer had sent these batches before: the offsets are those of the first time,
 *     nothing was written
 */
public record AppendResult(
        long firstOffset, long lastOffset, long logAppendTimeMs, long logStartOffset, boolean duplicate) {}
