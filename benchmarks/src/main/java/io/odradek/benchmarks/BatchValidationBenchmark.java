package io.odradek.benchmarks;

import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordRules;
import io.odradek.protocol.record.RecordValidator;
import io.odradek.protocol.record.ValidatedRecords;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a leader checks of a batch of 64 KiB (before compression), of many small or of fewer larger records.
 *
 * <p>{@code checksum} is the floor: CRC-32C over the same bytes. {@code validate} is the whole check under the default
 * rules, which walks every record and inflates what is compressed; {@code validateUnopened} leaves compressed batches shut.
 * An uncompressed batch in 32.8 us is 2 GB/s. What {@code validate} takes beyond {@code checksum} should be 10 to 20 ns a
 * record uncompressed (64 records of 1 KiB, some 600 of 100 bytes), the codec's own work compressed, and next to nothing
 * unopened. A growth of allocation with the number of records is a mistake ({@code -prof gc}).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchValidationBenchmark {
    private static final RecordRules SHUT = new RecordRules(
            RecordRules.DEFAULTS.maxBatchBytes(),
            RecordRules.DEFAULTS.timestamps(),
            false,
            null,
            false,
            RecordRules.DEFAULTS.maxInflatedBytes());

    /** What the batch is compressed with. */
    @Param
    private CompressionCodec codec;

    /** The size of a record's value. */
    @Param({"100", "1024"})
    private int recordBytes;

    private ByteBuffer batch;
    private ByteBuffer checked;

    @Setup
    public void build() {
        batch = RecordSamples.batch(codec, recordBytes, RecordSamples.BATCH_BYTES);
        checked = RecordSamples.checked(batch);
    }

    @Benchmark
    public long checksum() {
        CRC32C crc = new CRC32C();
        crc.update(checked.duplicate());
        return crc.getValue();
    }

    @Benchmark
    public ValidatedRecords validate() {
        return RecordValidator.validate(batch, RecordRules.DEFAULTS, RecordSamples.TIMESTAMP_MS);
    }

    @Benchmark
    public ValidatedRecords validateUnopened() {
        return RecordValidator.validate(batch, SHUT, RecordSamples.TIMESTAMP_MS);
    }
}
