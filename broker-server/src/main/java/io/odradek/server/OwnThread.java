package io.odradek.server;

import java.io.IOException;

/**
 * Work with files that the caller's interruption must not reach: the JDK closes a file channel under a thread that is
 * interrupted, and the logs would stay without their clean-shutdown mark.
 */
final class OwnThread {
    private OwnThread() {}

    /** What is to be done. */
    interface Work {
        void run() throws IOException;
    }

    /**
     * Does the work on a thread of its own and waits for its end. An interruption of the caller is kept for it.
     *
     * @throws IOException as the work did
     */
    static void run(String name, Work work) throws IOException {
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(() -> failure[0] = outcome(work), name);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException notNow) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure[0] instanceof IOException broken) {
            throw broken;
        }
        if (failure[0] != null) {
            throw new IOException(failure[0].getMessage(), failure[0]);
        }
    }

    private static Throwable outcome(Work work) {
        try {
            work.run();
            return null;
        } catch (IOException | RuntimeException | Error failure) {
            return failure;
        }
    }
}
