package io.odradek.protocol.persisted;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Message;
import io.odradek.protocol.schema.Versions;

/**
 * A committed position in {@code __consumer_offsets}, two bytes of version before it. Version 3 is written, and version 1
 * when the client asked for a retention time of its own.
 *
 * @param offset the offset of the next record to read
 * @param leaderEpoch the epoch of the last record read, -1 if unknown (KIP-320)
 * @param metadata the client's note
 * @param commitTimestamp when it was committed, milliseconds since the epoch
 * @param expireTimestamp when it expires, milliseconds since the epoch, -1 for the broker's retention
 */
@Message(versions = "0-4", flexible = "4+")
public record OffsetCommitValue(
        long offset,
        @Versions("3+") @Default("-1") int leaderEpoch,
        String metadata,
        long commitTimestamp,
        @Versions("1") @Default("-1") long expireTimestamp) {}
