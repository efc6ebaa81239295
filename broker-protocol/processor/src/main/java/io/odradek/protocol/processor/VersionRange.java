package io.odradek.protocol.processor;

/**
 * A run of message versions, both ends included; empty when {@code max < min}.
 *
 * @param min the first version
 * @param max the last version, {@link #OPEN} for "and all later ones"
 */
record VersionRange(int min, int max) {
    static final int OPEN = Short.MAX_VALUE;
    static final VersionRange NONE = new VersionRange(0, -1);

    /**
     * Reads {@code "4+"}, {@code "0-14"}, {@code "7"} or {@code "none"}.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    static VersionRange parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        try {
            if (text.endsWith("+")) {
                return checked(text, Integer.parseInt(text.substring(0, text.length() - 1)), OPEN);
            }
            int dash = text.indexOf('-');
            if (dash > 0) {
                int min = Integer.parseInt(text.substring(0, dash));
                return checked(text, min, Integer.parseInt(text.substring(dash + 1)));
            }
            int only = Integer.parseInt(text);
            return checked(text, only, only);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(notVersions(text), notANumber);
        }
    }

    private static VersionRange checked(String text, int min, int max) {
        if (min < 0 || max < min || max > OPEN) {
            throw new IllegalArgumentException(notVersions(text));
        }
        return new VersionRange(min, max);
    }

    private static String notVersions(String text) {
        return "\"" + text + "\" is not a range of versions such as \"4+\", \"0-14\", \"7\" or \"none\"";
    }

    boolean isEmpty() {
        return max < min;
    }

    boolean contains(int version) {
        return version >= min && version <= max;
    }

    boolean contains(VersionRange other) {
        return other.isEmpty() || contains(other.min) && contains(other.max);
    }

    VersionRange intersect(VersionRange other) {
        VersionRange common = new VersionRange(Math.max(min, other.min), Math.min(max, other.max));
        return common.isEmpty() ? NONE : common;
    }

    /** {@return whether every version, some or none of the given ones is in this range} */
    Coverage coverageOf(VersionRange among) {
        VersionRange common = intersect(among);
        if (common.isEmpty()) {
            return Coverage.NEVER;
        }
        return common.equals(among) ? Coverage.ALWAYS : Coverage.SOMETIMES;
    }

    /** {@return the Java condition on {@code version} that tells this range within the given one} */
    String conditionWithin(VersionRange among) {
        VersionRange common = intersect(among);
        if (common.isEmpty()) {
            return "false";
        }
        if (common.equals(among)) {
            return "true";
        }
        if (common.min == common.max) {
            return "version == " + common.min;
        }
        if (common.max == among.max) {
            return "version >= " + common.min;
        }
        if (common.min == among.min) {
            return "version <= " + common.max;
        }
        return "version >= " + common.min + " && version <= " + common.max;
    }

    enum Coverage {
        ALWAYS,
        SOMETIMES,
        NEVER
    }

    @Override
    public String toString() {
        if (isEmpty()) {
            return "none";
        }
        return max == OPEN ? min + "+" : min == max ? String.valueOf(min) : min + "-" + max;
    }
}
