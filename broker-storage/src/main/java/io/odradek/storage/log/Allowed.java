package io.odradek.storage.log;

import java.util.List;

/** Which values a setting may have, and how that is said to the one who gave another. */
sealed interface Allowed {
    /** Any value of the type. */
    Allowed ANYTHING = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

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

    /** {@return whether a parsed value may be} */
    boolean admits(Object value);

    /** {@return what is allowed, for the message} */
    String describe(LogSetting.Type type);

    /** One of some words; of a list every element must be, and there must be one. */
    record Words(List<String> words) implements Allowed {
        @Override
        public boolean admits(Object value) {
            if (value instanceof List<?> list) {
                return !list.isEmpty() && words.containsAll(list);
            }
            return words.contains(value);
        }

        @Override
        public String describe(LogSetting.Type type) {
            String all = String.join(", ", words);
            return type == LogSetting.Type.LIST ? "a list of one or more of " + all : "one of " + all;
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
