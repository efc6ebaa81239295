package io.odradek.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Loads the classes that the first broker of a JVM and its first clients will come to, on a thread of its own that is ahead of
 * them: loading is most of what a cold start takes, and the second core of the machine is idle then. None of them is run, so
 * that nothing happens but sooner. Which ones is said by a list in the jar for embedders; where that is not, there is no head
 * start.
 */
final class HeadStart implements AutoCloseable, Runnable {
    private static final String LIST = "first-classes.txt";
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private Thread thread;
    private volatile boolean over;

    private HeadStart() {}

    /** {@return that of this JVM's first broker; for all later ones, one in which nothing is done} */
    static HeadStart begin() {
        HeadStart start = new HeadStart();
        if (TAKEN.compareAndSet(false, true)) {
            start.thread = new Thread(start, "odradek-head-start");
            start.thread.setDaemon(true);
            start.thread.start();
        }
        return start;
    }

    /** Loads them; on its own thread. A method reference would be one more class to load before the first. */
    @Override
    public void run() {
        try (InputStream list = HeadStart.class.getResourceAsStream(LIST)) {
            if (list != null) {
                BufferedReader names = new BufferedReader(new InputStreamReader(list, UTF_8));
                for (String name = names.readLine(); name != null && !over; name = names.readLine()) {
                    load(name);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            // Whoever needs a class of this jar will say so.
        }
    }

    private static void load(String name) {
        try {
            // To be asked for anything, it is linked: what it is run for later has been checked by then.
            Class.forName(name, false, HeadStart.class.getClassLoader()).getDeclaredConstructors();
        } catch (ClassNotFoundException | LinkageError | RuntimeException notHere) {
            // The list is older than the jar, what the class is for is not on the class path, or the loader is
            // closed, of which each has an exception of its own.
        }
    }

    /** Ends it; when it returns, its thread has ended. */
    @Override
    public void close() {
        over = true;
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException notNow) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
