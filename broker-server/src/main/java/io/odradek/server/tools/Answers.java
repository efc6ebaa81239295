package io.odradek.server.tools;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for what the client has asked for. Its own time-outs bound the wait. */
public final class Answers {
    private Answers() {}

    /**
     * {@return what was answered}
     *
     * @throws Exception that the future ended with, itself and not wrapped
     */
    public static <T> T of(KafkaFuture<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException | CancellationException failed) {
            if (Failures.cause(failed) instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
