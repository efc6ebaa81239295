package io.odradek.server.metrics;

import java.util.function.LongSupplier;

/** What is kept of one meter. */
sealed interface Series permits Count, Distribution, Series.Shown {
    /** A value that is read when somebody looks. */
    record Shown(LongSupplier value) implements Series {}
}
