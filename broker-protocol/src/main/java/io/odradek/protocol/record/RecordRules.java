package io.odradek.protocol.record;

/**
 * What one partition asks of the records it is sent; the topic's settings, typed.
 *
 * @param maxBatchBytes largest batch, as sent ({@code max.message.bytes})
 * @param timestamps whose timestamps count, and how far off they may be
 * @param keysRequired whether a record without key is refused ({@code cleanup.policy} contains {@code compact})
 * @param target the compression that batches are stored with, or null to keep the producer's ({@code compression.type})
 * @param openCompressed whether compressed batches are opened and their records checked even where nothing inside is needed
 * @param maxInflatedBytes what the records of one compressed batch may inflate to
 */
public record RecordRules(
        int maxBatchBytes,
        Timestamps timestamps,
        boolean keysRequired,
        Target target,
        boolean openCompressed,
        int maxInflatedBytes) {
    /** Kafka 3.9's defaults of a topic; inflation, which Kafka does not bound, ends at 128 MiB. */
    public static final RecordRules DEFAULTS = new RecordRules(
            1_048_588,
            new Timestamps(TimestampType.CREATE_TIME, Long.MAX_VALUE, Long.MAX_VALUE),
            false,
            null,
            true,
            128 * 1024 * 1024);

    /**
     * The rules for timestamps. The bounds hold for {@link TimestampType#CREATE_TIME} and records that have a timestamp.
     *
     * @param type whose timestamps count ({@code message.timestamp.type})
     * @param beforeMaxMs how far in the past one may lie ({@code message.timestamp.before.max.ms})
     * @param afterMaxMs how far in the future one may lie ({@code message.timestamp.after.max.ms})
     */
    public record Timestamps(TimestampType type, long beforeMaxMs, long afterMaxMs) {}

    /**
     * A compression to store with.
     *
     * @param codec the codec, which may be {@link CompressionCodec#NONE}
     * @param level the codec's level; {@link CompressionCodec#DEFAULT_LEVEL} for its default
     */
    public record Target(CompressionCodec codec, int level) {}
}
