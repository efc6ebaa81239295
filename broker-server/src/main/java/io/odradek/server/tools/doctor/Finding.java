package io.odradek.server.tools.doctor;

/**
 * What was found in one look.
 *
 * @param level how bad it is
 * @param about what was looked at, in a word or two
 * @param text what is so
 * @param advice what to do; empty where nothing is to be done
 */
record Finding(Level level, String about, String text, String advice) {
    /** How bad it is. */
    enum Level {
        /** As it should be. */
        OK,
        /** It works, and may not for long, or not for all. */
        WARN,
        /** Something does not work. */
        FAIL
    }

    static Finding ok(String about, String text) {
        return new Finding(Level.OK, about, text, "");
    }

    static Finding warn(String about, String text, String advice) {
        return new Finding(Level.WARN, about, text, advice);
    }

    static Finding fail(String about, String text, String advice) {
        return new Finding(Level.FAIL, about, text, advice);
    }

    @Override
    public String toString() {
        return String.format("%-4s  %s: %s", level, about, text) + (advice.isEmpty() ? "" : ". " + advice);
    }
}
