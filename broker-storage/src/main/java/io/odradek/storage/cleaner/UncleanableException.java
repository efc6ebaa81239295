package io.odradek.storage.cleaner;

/** A log cannot be cleaned because of what is in it, or for want of memory; the message says what and where. */
final class UncleanableException extends Exception {
    private static final long serialVersionUID = 1L;

    UncleanableException(String message) {
        super(message);
    }
}
