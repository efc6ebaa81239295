package io.odradek.server.tools.performance;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;

/**
 * What became of the records that were sent: of all, of those of the interval that is reported next, and of those after the warm-up.
 * Records are told of by the producer's thread.
 */
final class SendStatistics {
    private final long warmup;
    private final long intervalNanos;
    private final SendReport report;
    private final Stretch all = new Stretch(System.nanoTime());
    private Stretch interval = new Stretch(all.startNanos());
    private Stretch moment = new Stretch(all.startNanos());
    private Stretch steady;
    private long failed;
    private Exception firstFailure;

    /**
     * @param warmup how many records count as warm-up
     * @param intervalMs how often there is a line
     * @param report what prints the lines
     */
    SendStatistics(long warmup, long intervalMs, SendReport report) {
        this.warmup = warmup;
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        this.report = report;
    }

    /** {@return who is to be told what becomes of a record that is sent now} */
    Callback sending(int sizeBytes) {
        long sentNanos = System.nanoTime();
        return (metadata, failure) -> {
            if (failure == null) {
                taken(sizeBytes, sentNanos, System.nanoTime());
            } else {
                failed(failure);
            }
        };
    }

    private synchronized void taken(int sizeBytes, long sentNanos, long nowNanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(nowNanos - sentNanos);
        if (warmup > 0 && steady == null && all.records() >= warmup) {
            steady = new Stretch(nowNanos);
            report.steadyFromNow();
        }
        all.add(sizeBytes, micros);
        interval.add(sizeBytes, micros);
        moment.add(sizeBytes, micros);
        if (steady != null) {
            steady.add(sizeBytes, micros);
        }
        if (nowNanos - interval.startNanos() >= intervalNanos) {
            report.interval(interval, nowNanos);
            interval = new Stretch(nowNanos);
        }
    }

    private synchronized void failed(Exception failure) {
        failed++;
        firstFailure = firstFailure == null ? failure : firstFailure;
    }

    /** Prints what became of all. @param metrics of the producer, for programs; null for none */
    synchronized void end(Object metrics) {
        report.total(all, steady, failed, System.nanoTime(), metrics);
    }

    synchronized Stretch all() {
        return all;
    }

    synchronized long failures() {
        return failed;
    }

    /** {@return why the first record failed that did; null if none has} */
    synchronized Exception firstFailure() {
        return firstFailure;
    }

    /** {@return how far it is, and how fast it was since this was asked last, in a line} @param wanted how many are to be sent */
    synchronized String progress(long wanted) {
        long nowNanos = System.nanoTime();
        Stretch past = moment;
        moment = new Stretch(nowNanos);
        return Progress.line(wanted, all.records(), Progress.rates(past, nowNanos));
    }
}
