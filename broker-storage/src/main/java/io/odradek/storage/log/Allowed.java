package io.odradek.storage.log;

import java.util.List;

/** Which values a setting may have, and how that is said to the one who gave another. */
sealed interface Allowed {
    /** Any value of the type. */
    Allowed ANYTHING = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** Replicas as {@code partition:broker}, or {@code *} for all of them. */
    Allowed REPLICAS = new Replicas();

    /** A version of Kafka, such as {@code 2.8} or {@code 2.8-IV1}. */
    Allowed VERSION = new Version();

    /** What this broker cannot do, and so cannot be asked for. */
    Allowed FALSE_ONLY = new FalseOnly();

    /** {@return one of these words, or a list of them} */
    static Allowed of(String... words) {
        return new Words(List.of(words));
    }

    /** {@return a lower bound} */
    static Allowed atLeast(long least) {
        return new Range(least, Double.POSITIVE_INFINITY);
    }

    /** {@return both bounds, inclusive} */
    static Allowed between(double least, double most) {
        return new Range(least, most);
    }

    /** {@return both bounds, inclusive, or one number outside} */
    static Allowed betweenOr(int least, int most, int other) {
        return new RangeOr(new Range(least, most), other);
    }

    /** {@return whether a parsed value may be} */
    boolean admits(Object value);

    /** {@return what is allowed, for the message} */
    String describe(LogSetting.Type type);

    /** One of some words; of a list every element must be. */
    record Words(List<String> words) implements Allowed {
        @Override
        public boolean admits(Object value) {
            if (value instanceof List<?> list) {
                return words.containsAll(list);
            }
            return words.contains(value);
        }

        @Override
        public String describe(LogSetting.Type type) {
            String all = String.join(", ", words);
            return type == LogSetting.Type.LIST ? "a list of " + all : "one of " + all;
        }
    }

    /** See {@link #REPLICAS}. */
    record Replicas() implements Allowed {
        @Override
        public boolean admits(Object value) {
            List<?> list = (List<?>) value;
            if (list.equals(List.of("*"))) {
                return true;
            }
            for (Object item : list) {
                String text = (String) item;
                int colon = text.indexOf(':');
                if (colon < 0 || !isNumber(text.substring(0, colon)) || !isNumber(text.substring(colon + 1))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isNumber(String text) {
            return !text.isEmpty() && text.chars().allMatch(next -> next >= '0' && next <= '9');
        }

        @Override
        public String describe(LogSetting.Type type) {
            return "* or a list of partition:broker";
        }
    }

    /** See {@link #VERSION}. */
    record Version() implements Allowed {
        private static final String USUAL = "3.0-IV1";

        @Override
        public boolean admits(Object value) {
            // What nobody has set is not to cost a start anything.
            return value.equals(USUAL) || KafkaVersion.isKnown((String) value);
        }

        @Override
        public String describe(LogSetting.Type type) {
            return "a version such as 2.8 or 2.8-IV1";
        }
    }

    /** See {@link #FALSE_ONLY}. */
    record FalseOnly() implements Allowed {
        @Override
        public boolean admits(Object value) {
            return value.equals(Boolean.FALSE);
        }

        @Override
        public String describe(LogSetting.Type type) {
            return "false; this broker has no tiered storage";
        }
    }

    /** A range, or one number outside. */
    record RangeOr(Range range, int other) implements Allowed {
        @Override
        public boolean admits(Object value) {
            return value.equals(other) || range.admits(value);
        }

        @Override
        public String describe(LogSetting.Type type) {
            return range.describe(type) + ", or " + other;
        }
    }

    /** A number between two bounds. */
    record Range(double least, double most) implements Allowed {
        @Override
        public boolean admits(Object value) {
            return !(value instanceof Number number) || (number.doubleValue() >= least && number.doubleValue() <= most);
        }

        @Override
        public String describe(LogSetting.Type type) {
            String kind = switch (type) {
                case BOOLEAN -> "true or false";
                case INT -> "a 32-bit integer";
                case LONG -> "a 64-bit integer";
                case DOUBLE -> "a number";
                case STRING -> "a text";
                case LIST -> "a comma-separated list";
            };
            if (least == Double.NEGATIVE_INFINITY) {
                return kind;
            }
            String from = kind + " of at least " + number(least);
            return most == Double.POSITIVE_INFINITY ? from : from + " and at most " + number(most);
        }

        private static String number(double bound) {
            return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
        }
    }
}
