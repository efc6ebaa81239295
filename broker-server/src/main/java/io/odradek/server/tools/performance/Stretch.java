package io.odradek.server.tools.performance;

/** A stretch of a run: what was done in it, and how long each took. */
final class Stretch {
    private static final double MEBIBYTE = 1024.0 * 1024.0;

    private final long startNanos;
    private final LatencyHistogram latencies = new LatencyHistogram();
    private long bytes;

    Stretch(long startNanos) {
        this.startNanos = startNanos;
    }

    void add(int sizeBytes, long micros) {
        bytes += sizeBytes;
        latencies.record(micros);
    }

    long startNanos() {
        return startNanos;
    }

    long records() {
        return latencies.count();
    }

    LatencyHistogram latencies() {
        return latencies;
    }

    /** {@return records a second until then} */
    double recordsPerSecond(long endNanos) {
        return records() * 1e9 / (endNanos - startNanos);
    }

    /** {@return MiB a second until then} */
    double megabytesPerSecond(long endNanos) {
        return bytes / MEBIBYTE * 1e9 / (endNanos - startNanos);
    }
}
