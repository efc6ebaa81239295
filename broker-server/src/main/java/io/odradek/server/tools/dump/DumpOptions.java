package io.odradek.server.tools.dump;

/**
 * What is to be shown, and how much of it.
 *
 * @param mode what is done with the files
 * @param contents how far logs are opened
 * @param decoder what keys and values are
 * @param skipRecordMetadata whether records are shown by key and value only
 * @param maxBytes batches beyond are not read, in bytes of each log
 * @param maxBatchBytes larger batches are not opened, nor those that inflate to more
 */
record DumpOptions(
        Mode mode, Contents contents, Decoder decoder, boolean skipRecordMetadata, long maxBytes, int maxBatchBytes) {
    /** What is done with the files. */
    enum Mode {
        SHOW,
        VERIFY_INDEXES,
        CHECK_INDEXES
    }

    /** How far logs are opened. */
    enum Contents {
        BATCHES,
        RECORDS,
        KEYS_AND_VALUES
    }

    /** What keys and values are. */
    enum Decoder {
        NONE,
        OFFSETS,
        TRANSACTIONS
    }
}
