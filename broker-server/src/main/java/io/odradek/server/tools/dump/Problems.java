package io.odradek.server.tools.dump;

import java.io.IOException;
import java.nio.file.Path;

/** Reports what is wrong, and counts it. */
final class Problems {
    private final DumpOutput out;
    private long count;

    Problems(DumpOutput out) {
        this.out = out;
    }

    /**
     * Reports a problem.
     *
     * @param position where in the file, in bytes, or -1
     */
    void report(Path path, long position, String what, String advice) throws IOException {
        count++;
        out.problem(path, position, what, advice);
    }

    /** {@return what a failure says of a file, without the file, which a report names anyway} */
    static String without(Path path, IOException failure) {
        String message = failure.getMessage();
        String prefix = path + ": ";
        int at = message.indexOf(prefix);
        return at < 0 ? message : message.substring(at + prefix.length());
    }

    /** {@return how many there were} */
    long count() {
        return count;
    }
}
