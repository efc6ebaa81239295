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
        return new Range(least, Double.POSITIVE_INFINITY, Double.NaN);
    }

    /** Numbers from {@code least} to {@code most}, both included. */
    static Allowed between(double least, double most) {
        return new Range(least, most, Double.NaN);
    }

    /** Numbers from {@code least} to {@code most}, both included, and one outside. */
    static Allowed betweenOr(int least, int most, int other) {
        return new Range(least, most, other);
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
     * A range of numbers, and perhaps one outside.
     *
     * @param least the smallest
     * @param most the largest
     * @param other the one outside, or not a number
     */
    record Range(double least, double most, double other) implements Allowed {
        @Override
        public boolean allows(Object value) {
            double number = ((Number) value).doubleValue();
            return number >= least && number <= most || number == other;
        }

        @Override
        public String describe() {
            String range = most == Double.POSITIVE_INFINITY
                    ? "of at least " + plain(least)
                    : "from " + plain(least) + " to " + plain(most);
            return Double.isNaN(other) ? range : range + ", or " + plain(other);
        }

        private static String plain(double bound) {
            return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
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
