package io.odradek.server.clients;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one test at a time, of all processes that run tests, install packages and build what is kept in {@code target}. Whoever
 * has it may take it again.
 */
final class TargetLock {
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();
    private static final Path FILE = Path.of("target", "tests.lock");

    private TargetLock() {}

    /** What is to be done alone. */
    interface Work<T> {
        /** {@return what came of it} */
        T run() throws IOException, InterruptedException;
    }

    /** Does it when nobody else has the lock. */
    static <T> T alone(Work<T> work) throws IOException, InterruptedException {
        IN_PROCESS.lock();
        try {
            return IN_PROCESS.getHoldCount() > 1 ? work.run() : aloneOfAllProcesses(work);
        } finally {
            IN_PROCESS.unlock();
        }
    }

    private static <T> T aloneOfAllProcesses(Work<T> work) throws IOException, InterruptedException {
        try (FileChannel file = FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.lock();
            return work.run();
        }
    }
}
