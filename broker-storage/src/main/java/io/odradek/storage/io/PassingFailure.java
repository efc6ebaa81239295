package io.odradek.storage.io;

/**
 * Tells failures that pass, and say nothing against what a disk has, from those of the disk itself: it is full, or the
 * process may open no more files.
 */
public final class PassingFailure {
    private PassingFailure() {}

    /** {@return whether a failure is one of those, by itself} */
    public static boolean is(Throwable failure) {
        return failure instanceof DiskFullException || isOfDescriptors(failure);
    }

    /** {@return whether a failure, or what it comes from, is a lack of file descriptors} */
    public static boolean isOfDescriptors(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfDescriptorsException) {
                return true;
            }
        }
        return false;
    }
}
