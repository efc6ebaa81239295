package io.odradek.core.simulation;

/** Something has happened that never may. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
    }

    /** Fails with a message that is put together only if it is needed. */
    static void unless(boolean holds, String format, Object... values) {
        if (!holds) {
            throw new Violation(String.format(format, values));
        }
    }
}
