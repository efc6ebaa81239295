package io.odradek.benchmarks;

import io.odradek.protocol.record.CompressionCodec;
import io.odradek.storage.log.AppendResult;
import io.odradek.storage.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Appending 4,096 batches to an empty log on the system's disk, page cache included, nothing forced: one figure is the
 * milliseconds for all of them (256 MiB in batches of 64 KiB).
 *
 * <p>{@code writeLoop} is the floor: the same buffers to a bare file, one write each. With batches of 64 KiB
 * {@code append} should stay below 1.3 times the floor, and with small ones add less than a microsecond each: numbering
 * in place, an index entry now and then, no copy. Compare the two within one run; the disk differs from run to run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, batchSize = AppendBenchmark.BATCHES)
@Measurement(iterations = 10, batchSize = AppendBenchmark.BATCHES)
public class AppendBenchmark {
    static final int BATCHES = 4096;

    /** The size of a batch. */
    @Param({"1024", "65536"})
    private int batchBytes;

    private ByteBuffer batch;
    private ScratchLog scratch;
    private Log log;
    private Path bareFile;
    private FileChannel bare;

    @Setup
    public void build() {
        batch = RecordSamples.batch(CompressionCodec.NONE, Math.min(batchBytes / 2, 1000), batchBytes);
    }

    @Setup(Level.Iteration)
    public void open() throws IOException {
        scratch = new ScratchLog(Map.of());
        log = scratch.log();
        bareFile = Files.createTempFile("odradek-benchmark", ".bare");
        bare = FileChannel.open(bareFile, StandardOpenOption.WRITE);
    }

    @TearDown(Level.Iteration)
    public void delete() throws IOException {
        scratch.close();
        bare.close();
        Files.delete(bareFile);
    }

    @Benchmark
    public AppendResult append() throws IOException {
        return log.append(batch, 0, RecordSamples.TIMESTAMP_MS);
    }

    @Benchmark
    public int writeLoop() throws IOException {
        return bare.write(batch.duplicate());
    }
}
