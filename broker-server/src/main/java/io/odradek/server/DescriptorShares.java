package io.odradek.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How the files and sockets that the process may have open at once are shared out, so that none is refused by the system: a
 * part is kept back for what a broker always has open and for what it opens in passing, and connections and the files of
 * partitions get a half each of the rest. What connections may not use by {@code max.connections} is left to files, but for some
 * that are beyond that: brokers' own at a listener that they have for themselves, and those that are held.
 *
 * @param limit how many may be open, as {@code ulimit -n} has it
 * @param connections how many connections of clients
 * @param filesInUse how many files to which partitions append
 * @param closedFiles how many files that are only read
 */
record DescriptorShares(int limit, int connections, int filesInUse, int closedFiles) {
    /** Jars, the log, locks, the journal, listening sockets, what the network's loops wait on; about 80 have been counted. */
    private static final int ALWAYS_OPEN = 96;

    /** New files, checkpoints, folders that are listed and forced, connections to other brokers. */
    private static final int LEAST_IN_PASSING = 32;

    private static final int IN_PASSING_OF_ALL = 16;
    private static final int LEAST_SHARED = 32;
    private static final int BEYOND_MOST_CONNECTIONS = 64;
    private static final int CLOSED_OF_FILES = 4;
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LIMIT = "Max open files";

    /**
     * Shares them out.
     *
     * @param limit how many may be open
     * @param mostConnections {@code max.connections}
     * @param mostClosedFiles {@code odradek.closed.segments.max.open.files}
     */
    static DescriptorShares of(int limit, int mostConnections, int mostClosedFiles) {
        int shared = shared(limit);
        int connections = (int) Math.min((long) mostConnections + BEYOND_MOST_CONNECTIONS, shared / 2);
        int files = shared - connections;
        int closedFiles = Math.min(mostClosedFiles, files / CLOSED_OF_FILES);
        return new DescriptorShares(limit, connections, files - closedFiles, closedFiles);
    }

    private static int shared(int limit) {
        int keptBack = ALWAYS_OPEN + Math.max(LEAST_IN_PASSING, limit / IN_PASSING_OF_ALL);
        return Math.max(LEAST_SHARED, limit - keptBack);
    }

    /** {@return how many files and sockets this process may have open, 0 if that is not known or without bound} */
    static int limitOfProcess() {
        try {
            return Files.isReadable(LIMITS) ? limitIn(Files.readAllLines(LIMITS)) : 0;
        } catch (IOException | RuntimeException unknown) {
            return 0;
        }
    }

    /** {@return the limit that lines of Linux's {@code /proc/self/limits} tell, 0 if they tell none} */
    static int limitIn(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith(LIMIT)) {
                String soft = line.substring(LIMIT.length()).strip().split("\\s+")[0];
                return soft.equals("unlimited") ? 0 : (int) Math.min(Long.parseLong(soft), Integer.MAX_VALUE);
            }
        }
        return 0;
    }

    /** {@return the words for what a connection more would exceed} */
    String refusal() {
        if (connections < shared(limit) / 2) {
            return "max.connections as it was when the broker started, which left room for " + connections
                    + " connections, and all other files to partitions";
        }
        return "the limit of open files (ulimit -n " + limit + "), which leaves room for " + connections
                + " connections; raise it for more";
    }

    /** {@return how far the limit carries, in a line for the operator} */
    String describe() {
        return "The process may have " + limit + " files and sockets open (ulimit -n): " + connections
                + " connections, " + filesInUse + " files that are written and " + closedFiles
                + " that are only read; the rest is kept back. More partitions than that open and close their files in turn";
    }
}
