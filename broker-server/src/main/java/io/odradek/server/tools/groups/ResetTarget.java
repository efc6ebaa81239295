package io.odradek.server.tools.groups;

import io.odradek.server.tools.UsageException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Where the positions of a group are set to. */
sealed interface ResetTarget {
    /** The first record that is kept. */
    record Earliest() implements ResetTarget {}

    /** Behind the last record. */
    record Latest() implements ResetTarget {}

    /** Where it is. */
    record Current() implements ResetTarget {}

    /** An offset. */
    record Offset(long offset) implements ResetTarget {}

    /** So many offsets on from where it is. */
    record Shift(long by) implements ResetTarget {
        /** {@return an offset further on, or the largest that there is} */
        static long from(long offset, long by) {
            return by > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + by;
        }
    }

    /**
     * The first record not older than a time, in milliseconds since 1970.
     *
     * @param timestampMs 0 for what is before: no record is older, and below 0 brokers know some numbers that mean something else
     */
    record Time(long timestampMs) implements ResetTarget {
        /** A time. */
        public Time {
            timestampMs = Math.max(0, timestampMs);
        }

        /** {@return a time} @param given as ISO 8601 has it; without a zone it is in UTC */
        static Time at(String given) {
            try {
                boolean zoned = given.matches(".*T.*(Z|[+-]\\d\\d(:?\\d\\d)?)");
                Instant instant = zoned
                        ? OffsetDateTime.parse(given.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2"))
                                .toInstant()
                        : LocalDateTime.parse(given).toInstant(ZoneOffset.UTC);
                return new Time(instant.toEpochMilli());
            } catch (DateTimeException | ArithmeticException wrong) {
                throw new UsageException("\"" + given
                        + "\" is no time: it is to look like 2026-01-31T23:59:59.999, with a zone behind or not");
            }
        }

        /** {@return a time} @param given how long ago, as ISO 8601 has durations @param nowMs the time now */
        static Time ago(String given, long nowMs) {
            try {
                return new Time(Math.subtractExact(nowMs, Duration.parse(given).toMillis()));
            } catch (DateTimeException | ArithmeticException wrong) {
                throw new UsageException("\"" + given + "\" is no duration: it is to look like P1DT2H30M or PT15M");
            }
        }
    }
}
