package io.odradek.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FileSlice;
import io.odradek.storage.io.NioLogFileSystem;
import io.odradek.storage.log.Log.FetchedData;
import io.odradek.storage.log.LogContext.ProducerLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Segments that are read once do not stay open for ever. */
@Timeout(120)
class ClosedSegmentFilesTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int MAX_SPARE_FILES = 16;
    private static final int FILES_OF_ACTIVE_SEGMENT = 3;
    private static final int READERS = 4;
    private static final int READS = 3_000;

    @TempDir
    private Path root;

    private final NioLogFileSystem disk = new NioLogFileSystem(MAX_SPARE_FILES);
    private final LogEvents flushAtRoll = new LogEvents() {
        @Override
        public void rolled(Log log, long newBaseOffset) {
            try {
                log.flushTo(newBaseOffset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private Log open(LogEvents events, long endOffset) throws IOException {
        SimulatedWorld world = new SimulatedWorld(1);
        LogContext context =
                new LogContext(disk, world.clock(), world.newRandoms("log"), events, ProducerLimits.standard());
        TopicPartition id = new TopicPartition("events", 0);
        LogOpening opening = new LogOpening(root.resolve("events-0"), id, new Uuid(1, 2), true, endOffset, 0);
        return Log.open(context, opening, LogConfig.of(Map.of(), Map.of("segment.bytes", "14")));
    }

    private static void append(Log log, int batches) throws IOException {
        for (int i = 0; i < batches; i++) {
            log.append(TestBatches.batch(1_000 + log.endOffset(), "value " + log.endOffset()), 0, 1_000);
        }
    }

    private long openFiles() throws IOException {
        long count = 0;
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            for (Path descriptor : descriptors.toList()) {
                // That of the listing itself is gone by now.
                boolean there = Files.isSymbolicLink(descriptor);
                count += there && Files.readSymbolicLink(descriptor).startsWith(root.toRealPath()) ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aConsumerThatReadsTwoThousandSegmentsLeavesAFewFilesOpen() throws IOException {
        long endOffset = 0;
        while (endOffset < 2_000) {
            // In some lives: what has not been forced stays open.
            try (Log log = open(LogEvents.IMMEDIATE, endOffset)) {
                append(log, 500);
                endOffset = log.endOffset();
            }
        }
        try (Log log = open(LogEvents.IMMEDIATE, endOffset)) {
            assertThat(log.segments().count()).isGreaterThanOrEqualTo(2_000);
            long most = 0;
            for (long offset = 0; offset < endOffset; offset++) {
                FetchedData read = log.read(offset, 1 << 20, true, endOffset);
                assertThat(RecordBatch.baseOffset(ByteBuffer.wrap(TestBatches.bytes(read)), 0))
                        .isEqualTo(offset);
                if (offset % 100 == 99) {
                    most = Math.max(most, openFiles());
                }
            }
            assertThat(most).isBetween((long) MAX_SPARE_FILES, (long) MAX_SPARE_FILES + FILES_OF_ACTIVE_SEGMENT);
        }
        assertThat(openFiles()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void segmentsThatWereRolledAndForcedDoNotStayOpen() throws IOException {
        try (Log log = open(flushAtRoll, 0)) {
            append(log, 50);
            assertThat(openFiles()).isLessThanOrEqualTo(MAX_SPARE_FILES + FILES_OF_ACTIVE_SEGMENT);
            log.truncateTo(20);
            append(log, 30);
            for (int offset = 0; offset < 50; offset++) {
                assertThat(log.read(offset, 1, true, 50).sizeBytes()).isPositive();
            }
        }
    }

    @Test
    void slicesAreReadWholeByManyThreadsWhileFilesAreGivenUpAndRenamed() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ClosedSegmentFilesTest seed=" + seed);
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try (Log log = open(flushAtRoll, 0)) {
            append(log, 3 * MAX_SPARE_FILES);
            List<FileSlice> slices = new ArrayList<>();
            List<byte[]> contents = new ArrayList<>();
            for (int offset = 0; offset < log.endOffset(); offset++) {
                FetchedData read = log.read(offset, 1 << 20, true, log.endOffset());
                slices.add((FileSlice) read.records());
                contents.add(TestBatches.bytes(read));
            }
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(seed + i);
                Callable<Integer> reader = () -> read(slices, contents, random);
                readers.add(threads.submit(reader));
            }
            int renames = 0;
            while (!readers.stream().allMatch(Future::isDone)) {
                log.renameFolder(root.resolve("events-" + ++renames));
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).as("seed=%d", seed).isEqualTo(READS);
            }
            assertThat(renames).isPositive();
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** {@return how many reads gave what they should} */
    private static int read(List<FileSlice> slices, List<byte[]> contents, Random random) throws IOException {
        int right = 0;
        for (int i = 0; i < READS; i++) {
            int which = random.nextInt(slices.size());
            byte[] found = random.nextBoolean() ? transfer(slices.get(which)) : read(slices.get(which));
            right += java.util.Arrays.equals(found, contents.get(which)) ? 1 : 0;
        }
        return right;
    }

    private static byte[] transfer(FileSlice slice) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WritableByteChannel target = Channels.newChannel(bytes);
        slice.file().transferTo(slice.position(), slice.sizeBytes(), target);
        return bytes.toByteArray();
    }

    private static byte[] read(FileSlice slice) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(slice.sizeBytes());
        slice.file().read(buffer, slice.position());
        return buffer.array();
    }
}
