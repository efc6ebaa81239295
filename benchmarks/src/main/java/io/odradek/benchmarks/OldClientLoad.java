package io.odradek.benchmarks;

import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.DownConversion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients that write or read as those of before Kafka 0.11 do, each a partition of its own, as fast as they can: by Produce 2 with
 * message sets of magic 1 (by Produce 3 with batches, to compare), or by Fetch 1, 2, 3 (or 4) over and over from the first
 * offset.
 *
 * <p>Prints two lines. The first, with nothing to read, when warming up is over, so that others can begin to measure. The second
 * when what counts is over: MB/s of the records' values, and how many MiB of them there were between the two lines.
 */
public final class OldClientLoad {
    private static final int IN_FLIGHT = 5;
    private static final int FIRST_WITH_BATCHES = 3;
    private static final int FETCH_BYTES = 1 << 20;
    private static final double MB = 1e6;
    private static final double MIB = 1 << 20;

    private final String server;
    private final int version;
    private final CompressionCodec codec;
    private final int recordBytes;
    private final LongAdder doneBytes = new LongAdder();
    private volatile boolean over;

    private OldClientLoad(String server, int version, CompressionCodec codec, int recordBytes) {
        this.server = server;
        this.version = version;
        this.codec = codec;
        this.recordBytes = recordBytes;
    }

    /**
     * Arguments: {@code fill|produce|fetch host:port version codec clients recordBytes warmUpSeconds seconds}; to fill, the seconds
     * are left out, and what comes instead is how many MiB each partition is to have.
     */
    public static void main(String[] arguments) throws Exception {
        CompressionCodec codec = CompressionCodec.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        int clients = Integer.parseInt(arguments[4]);
        OldClientLoad load =
                new OldClientLoad(arguments[1], Integer.parseInt(arguments[2]), codec, Integer.parseInt(arguments[5]));
        String mode = arguments[0];
        String topic = (mode.equals("produce") ? "in-" : "old-") + arguments[3];
        LoadTopic.create(load.server, topic, clients);
        switch (mode) {
            case "fill" -> load.fill(topic, clients, Integer.parseInt(arguments[6]));
            case "fetch" -> load.run(clients, partition -> load.fetch(topic, partition), arguments);
            case "produce" -> {
                load.run(clients, partition -> load.produce(topic, partition, Long.MAX_VALUE), arguments);
                LoadTopic.delete(load.server, topic);
            }
            default -> throw new IllegalArgumentException(mode);
        }
        System.exit(0);
    }

    /** What one client does until it is over. */
    private interface Work {
        void on(int partition) throws Exception;
    }

    private void fill(String topic, int clients, int mib) throws Exception {
        for (int partition = 0; partition < clients; partition++) {
            produce(topic, partition, mib * (long) MIB);
        }
    }

    private void run(int clients, Work work, String... arguments) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients, OldClientLoad::daemon);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int partition = i;
            all.add(CompletableFuture.runAsync(() -> unchecked(work, partition), threads));
        }
        CompletableFuture<?> failed = CompletableFuture.anyOf(all.toArray(CompletableFuture[]::new));
        pause(failed, Long.parseLong(arguments[6]));
        System.out.println("warm");
        long before = doneBytes.sum();
        long startNs = System.nanoTime();
        pause(failed, Long.parseLong(arguments[7]));
        long bytes = doneBytes.sum() - before;
        double seconds = (System.nanoTime() - startNs) / 1e9;
        System.out.printf(Locale.ROOT, "%.1f %.1f%n", bytes / MB / seconds, bytes / MIB);
        over = true;
        for (CompletableFuture<Void> one : all) {
            one.get();
        }
    }

    private static Thread daemon(Runnable client) {
        Thread thread = new Thread(client);
        thread.setDaemon(true);
        return thread;
    }

    /** Nobody ends before it is over, unless by failing. */
    private static void pause(CompletableFuture<?> failed, long seconds) throws Exception {
        try {
            failed.get(seconds, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException asItShouldBe) {
            return;
        }
        throw new IllegalStateException("A client has ended too early");
    }

    private static void unchecked(Work work, int partition) {
        try {
            work.on(partition);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void produce(String topic, int partition, long bytes) throws Exception {
        ByteBuffer batch = RecordSamples.batch(codec, recordBytes, RecordSamples.BATCH_BYTES);
        long batchBytes = (long) RecordBatch.recordCount(batch, 0) * recordBytes;
        byte[] request =
                OldWire.produceRequest(version, topic, partition, version < FIRST_WITH_BATCHES ? old(batch) : batch);
        try (OldWire wire = new OldWire(server)) {
            int inFlight = 0;
            long sent = 0;
            while (!over && sent < bytes) {
                wire.send(request);
                sent += batchBytes;
                inFlight++;
                if (inFlight == IN_FLIGHT) {
                    wire.readProduced();
                    doneBytes.add(batchBytes);
                    inFlight--;
                }
            }
            for (; inFlight > 0; inFlight--) {
                wire.readProduced();
            }
        }
    }

    private static ByteBuffer old(ByteBuffer batch) {
        try (DownConversion conversion = new DownConversion((byte) 1, Integer.MAX_VALUE)) {
            conversion.add(batch, 0, 0, Integer.MAX_VALUE);
            return conversion.written();
        }
    }

    private void fetch(String topic, int partition) throws Exception {
        try (OldWire wire = new OldWire(server)) {
            long offset = 0;
            while (!over) {
                wire.send(OldWire.fetchRequest(version, topic, partition, offset, FETCH_BYTES));
                OldWire.Fetched fetched = wire.readFetched(version, offset);
                if (fetched.nextOffset() == offset && offset < fetched.highWatermark()) {
                    throw new IllegalStateException("No whole record comes at offset " + offset);
                }
                doneBytes.add((fetched.nextOffset() - offset) * recordBytes);
                offset = fetched.nextOffset() < fetched.highWatermark() ? fetched.nextOffset() : 0;
            }
        }
    }
}
