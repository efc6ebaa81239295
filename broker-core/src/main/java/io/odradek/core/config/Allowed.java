package io.odradek.core.config;

/** What values a setting takes, beyond what its type says. */
public sealed interface Allowed {
    /** Everything the type takes. */
    Allowed ANY = new Any();

    /** {@return whether a parsed value is one of them; lists are asked for each of their items} */
    boolean allows(Object value);

    /** {@return the words after the type's name in "expected an integer ...", empty if there is nothing to add} */
    String describe();

    /** Numbers from {@code least} up. */
    static Allowed atLeast(long least) {
        return new Range(least, Double.POSITIVE_INFINITY);
    }

    /** Numbers from {@code least} to {@code most}, both included. */
    static Allowed between(double least, double most) {
        return new Range(least, most);
    }

    /** Numbers from {@code least} to {@code most}, both included, and one outside. */
    static Allowed betweenOr(int least, int most, int other) {
        return new RangeOr(new Range(least, most), other);
    }

    /** Some words, in this spelling. */
    static Allowed oneOf(String... words) {
        return new Words(words);
    }

    /** See {@link #ANY}. */
    record Any() implements Allowed {
        @Override
        public boolean allows(Object value) {
            return true;
        }

        @Override
        public String describe() {
            return "";
        }
    }

    /**
     * A range of numbers.
     *
     * @param least the smallest
     * @param most the largest
     */
    record Range(double least, double most) implements Allowed {
        @Override
        public boolean allows(Object value) {
            double number = ((Number) value).doubleValue();
            return number >= least && number <= most;
        }

        @Override
        public String describe() {
            return most == Double.POSITIVE_INFINITY
                    ? "of at least " + plain(least)
                    : "from " + plain(least) + " to " + plain(most);
        }

        private static String plain(double bound) {
            return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
        }
    }

    /**
     * A range of numbers and one outside.
     *
     * @param range the range
     * @param other the one outside
     */
    record RangeOr(Range range, int other) implements Allowed {
        @Override
        public boolean allows(Object value) {
            return ((Number) value).doubleValue() == other || range.allows(value);
        }

        @Override
        public String describe() {
            return range.describe() + ", or " + other;
        }
    }

    /** Some words. */
    final class Words implements Allowed {
        private final String[] words;

        private Words(String[] words) {
            this.words = words;
        }

        @Override
        public boolean allows(Object value) {
            for (String word : words) {
                if (word.equals(value)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String describe() {
            return "of " + String.join(", ", words);
        }
    }
}
