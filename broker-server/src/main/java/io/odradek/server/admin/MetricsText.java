package io.odradek.server.admin;

import java.io.IOException;

/** Writes what is counted as Prometheus reads it (text format 0.0.4). */
@FunctionalInterface
public interface MetricsText {
    /** Writes all of it, as it is now. */
    void writeTo(Appendable out) throws IOException;
}
