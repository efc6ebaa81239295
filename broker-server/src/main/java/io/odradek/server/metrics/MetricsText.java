package io.odradek.server.metrics;

import io.odradek.storage.env.Meters;
import java.io.IOException;

/** What a broker counts, as text for whoever scrapes it. */
public interface MetricsText {
    /** What {@link #writeTo} writes, as a media type. */
    String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** {@return what shows what meters keep, null if they do not} */
    static MetricsText of(Meters meters) {
        return meters instanceof MicrometerMeters kept ? kept.text() : null;
    }

    /**
     * Writes all that is counted now, in Prometheus' text format 0.0.4. May be called from any thread; takes milliseconds where
     * there are thousands of partitions, so not from an event loop.
     *
     * @throws IOException if the other side takes no more
     */
    void writeTo(Appendable out) throws IOException;
}
