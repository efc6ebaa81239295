package io.odradek.core.partition;

/**
 * How this broker treats the compressed batches of producers, whatever the topic.
 *
 * @param openCompressed whether they are opened and their records checked even where nothing inside is needed ({@code
 *     odradek.records.validate.compressed})
 * @param maxInflatedBytes what the records of one batch may inflate to ({@code odradek.records.max.inflated.bytes})
 * @param bytesOnLoop what the records of one batch may be, as they are or inflated, to be checked on the owner's loop; larger
 *     ones are checked elsewhere ({@code odradek.records.on.loop.max.bytes})
 * @param convertedBytes what those of a message set may inflate to, which are all held while a batch is made of them
 */
public record RecordLimits(boolean openCompressed, int maxInflatedBytes, int bytesOnLoop, int convertedBytes) {
    /** The settings' defaults. */
    public static final RecordLimits DEFAULTS =
            new RecordLimits(true, 128 * 1024 * 1024, 1024 * 1024, 128 * 1024 * 1024);
}
