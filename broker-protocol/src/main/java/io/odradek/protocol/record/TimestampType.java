package io.odradek.protocol.record;

/** Who sets the timestamps of a batch's records; bit 3 of the batch's attributes. */
public enum TimestampType {
    /** Each record carries the producer's timestamp. */
    CREATE_TIME,
    /** Every record of the batch counts with the batch's max timestamp, which the leader set when it appended. */
    LOG_APPEND_TIME
}
