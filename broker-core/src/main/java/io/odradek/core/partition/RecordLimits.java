package io.odradek.core.partition;

/**
 * How this broker treats the compressed batches of producers, whatever the topic.
 *
 * @param openCompressed whether they are opened and their records checked even where nothing inside is needed ({@code
 *     odradek.records.validate.compressed})
 * @param maxInflatedBytes what the records of one batch may inflate to ({@code odradek.records.max.inflated.bytes})
 */
public record RecordLimits(boolean openCompressed, int maxInflatedBytes) {
    /** The settings' defaults. */
    public static final RecordLimits DEFAULTS = new RecordLimits(true, 128 * 1024 * 1024);
}
