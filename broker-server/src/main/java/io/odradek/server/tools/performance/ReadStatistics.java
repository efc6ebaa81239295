package io.odradek.server.tools.performance;

import io.odradek.server.tools.performance.ReadReport.Span;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** What a consumer has read, how long it waited for it, and how long it had no partitions. */
final class ReadStatistics implements ConsumerRebalanceListener {
    private final long startMs = System.currentTimeMillis();
    private final LatencyHistogram waits = new LatencyHistogram();
    private long waitingSinceNanos = System.nanoTime();
    private long records;
    private long bytes;
    /** Since when it has no partitions; -1 while it has. */
    private long joiningSinceMs = startMs;

    private long joiningMs;
    private Stretch moment = new Stretch(waitingSinceNanos);
    private Span reported = all(startMs);

    /** Counts what a poll has brought. */
    synchronized void read(ConsumerRecords<byte[], byte[]> polled) {
        long nowNanos = System.nanoTime();
        long micros = TimeUnit.NANOSECONDS.toMicros(nowNanos - waitingSinceNanos);
        waits.record(micros);
        for (ConsumerRecord<byte[], byte[]> each : polled) {
            int size = (each.key() == null ? 0 : each.key().length) + (each.value() == null ? 0 : each.value().length);
            bytes += size;
            records++;
            moment.add(size, micros);
        }
        waitingSinceNanos = System.nanoTime();
    }

    synchronized long records() {
        return records;
    }

    /** {@return how long it waited for records, each time that some came} */
    LatencyHistogram waits() {
        return waits;
    }

    /** {@return what it has read since the beginning} */
    synchronized Span all(long nowMs) {
        return new Span(startMs, nowMs, bytes, records, joiningMs);
    }

    /** {@return what it has read since this gave something, if that is so long ago; else null} */
    synchronized Span interval(long nowMs, long lengthMs) {
        if (nowMs - reported.endMs() < lengthMs) {
            return null;
        }
        Span all = all(nowMs);
        Span interval = new Span(
                reported.endMs(),
                nowMs,
                bytes - reported.bytes(),
                records - reported.records(),
                joiningMs - reported.joiningMs());
        reported = all;
        return interval;
    }

    /** {@return how far it is, and how fast it was since this was asked last, in a line} @param wanted how many are to be read */
    synchronized String progress(long wanted) {
        long nowNanos = System.nanoTime();
        Stretch past = moment;
        moment = new Stretch(nowNanos);
        return Progress.line(wanted, records, Progress.rates(past, nowNanos));
    }

    @Override
    public synchronized void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (joiningSinceMs >= 0) {
            joiningMs += System.currentTimeMillis() - joiningSinceMs;
            joiningSinceMs = -1;
        }
        waitingSinceNanos = System.nanoTime();
    }

    @Override
    public synchronized void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        joiningSinceMs = System.currentTimeMillis();
    }
}
