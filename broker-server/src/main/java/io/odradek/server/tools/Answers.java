package io.odradek.server.tools;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/**
 * Waits for what the client has asked for. Its own time-outs bound the wait, but for one whose thread has ended: it does over a
 * request that cannot be written or an answer that there is no memory for, and then answers nothing any more.
 */
public final class Answers {
    private static final String THREAD = "kafka-admin-client-thread";
    private static final long BETWEEN_LOOKS_MS = 500;

    private Answers() {}

    /**
     * {@return what was answered}
     *
     * @throws ToolException if the client has ended
     * @throws Exception that the future ended with, itself and not wrapped
     */
    public static <T> T of(KafkaFuture<T> future) throws Exception {
        while (true) {
            boolean lives = clientLives();
            try {
                return future.get(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                if (!lives && !future.isDone()) {
                    throw new ToolException(
                            "The client has given up: a name or value is longer than a request carries, or"
                                    + " an answer larger than its memory (BROKER_HEAP_OPTS=-Xmx1g gives more)");
                }
            } catch (ExecutionException | CancellationException failed) {
                if (Failures.cause(failed) instanceof Exception cause) {
                    throw cause;
                }
                throw failed;
            }
        }
    }

    private static boolean clientLives() {
        Thread[] threads = new Thread[2 * Thread.activeCount() + 8];
        int count = Thread.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().startsWith(THREAD)) {
                return true;
            }
        }
        return false;
    }
}
