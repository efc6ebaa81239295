package io.odradek.benchmarks;

import io.odradek.protocol.record.BatchBuilder;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From an offset or a timestamp to a place in a segment, as a fetch and ListOffsets ask. The segment has an index entry
 * for each of 262,144 batches, as many as a full segment of 1 GiB has at the default interval.
 *
 * <p>{@code readOfFile} is the yardstick: one read of 4 KiB out of the page cache. The newest entries are in memory, so
 * {@code tail} should cost that one read (of the batch's header); {@code random} reads a block of the index for each of the
 * first nine or ten steps of its search besides; {@code byTime} does so in both indexes and reads the batch. {@code again}
 * asks for the same place over and over, as a waiting consumer does, and should read nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class IndexLookupBenchmark {
    private static final int BATCHES = 262_144;
    private static final int TAIL = 200;
    private static final int MOST_BATCH_BYTES = 1024;
    private static final int READ_BYTES = 4096;
    private static final long SEED = 20_11;

    private final Random random = new Random(SEED);
    private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    private ScratchLog scratch;
    private Log log;
    private FileSlice whole;

    @Setup(Level.Trial)
    public void fill() throws IOException {
        scratch = new ScratchLog(Map.of("index.interval.bytes", "0"));
        log = scratch.log();
        ByteBuffer value = ByteBuffer.wrap(new byte[] {1});
        for (int i = 0; i < BATCHES; i++) {
            ByteBuffer batch = new BatchBuilder(MOST_BATCH_BYTES)
                    .append(RecordSamples.TIMESTAMP_MS + i, null, value)
                    .build();
            log.append(batch, 0, RecordSamples.TIMESTAMP_MS + i);
        }
        whole = (FileSlice) log.read(0, Integer.MAX_VALUE, true, BATCHES).records();
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        scratch.close();
    }

    @Benchmark
    public Log.FetchedData tail() throws IOException {
        return read(BATCHES - 1 - random.nextInt(TAIL));
    }

    @Benchmark
    public Log.FetchedData random() throws IOException {
        return read(random.nextInt(BATCHES));
    }

    @Benchmark
    public Log.FetchedData again() throws IOException {
        return read(BATCHES / 2);
    }

    @Benchmark
    public Optional<Log.TimestampAndOffset> byTime() throws IOException {
        return log.findByTimestamp(RecordSamples.TIMESTAMP_MS + random.nextInt(BATCHES), BATCHES);
    }

    @Benchmark
    public int readOfFile() throws IOException {
        return whole.file().read(buffer.clear(), random.nextInt(whole.sizeBytes() - READ_BYTES));
    }

    private Log.FetchedData read(long offset) throws IOException {
        return log.read(offset, READ_BYTES, true, BATCHES);
    }
}
