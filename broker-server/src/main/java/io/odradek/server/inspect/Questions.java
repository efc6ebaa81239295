package io.odradek.server.inspect;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.errors.ErrorCode;
import java.time.Duration;
import java.util.SortedSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Asks brokers, waits for their answers, and asks again where a broker says that it may. Thread-safe. */
public final class Questions {
    private static final long ASK_AGAIN_NS = 2_000_000;

    private final BrokerAccess brokers;
    private final Duration patience;

    /**
     * @param brokers who is asked
     * @param patience how long a question may take, with all that it is asked again
     */
    public Questions(BrokerAccess brokers, Duration patience) {
        this.brokers = brokers;
        this.patience = patience;
    }

    /** A question that may have to be asked again. */
    public interface Question<T> {
        /**
         * Asks.
         *
         * @throws InspectionException with a retriable error to be asked again
         */
        T ask();
    }

    /** {@return what is known of the cluster} */
    public MetadataImage image() {
        return brokers.image();
    }

    /** {@return the ids of the brokers that can be asked now} */
    public SortedSet<Integer> ids() {
        return brokers.ids();
    }

    /** {@return a topic} @throws UnknownTopicException if it is not there */
    public MetadataImage.TopicInfo topic(String name) {
        MetadataImage image = image();
        MetadataImage.TopicInfo topic = image.topics().get(name);
        if (topic == null) {
            throw UnknownTopicException.topic(name, image.topics().keySet());
        }
        return topic;
    }

    /**
     * Asks a broker once.
     *
     * @throws InspectionException if it does not answer in time, or cannot be asked
     */
    public <T> T ask(int brokerId, ApiKey api, int version, ApiRequest request, Class<T> answer) {
        try {
            return answer.cast(brokers.ask(brokerId, api, version, request)
                    .toCompletableFuture()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof InspectionException known) {
                throw known;
            }
            throw new InspectionException(
                    api + " could not be asked of broker " + brokerId + ": "
                            + failure.getCause().getMessage(),
                    failure.getCause());
        } catch (TimeoutException late) {
            throw new InspectionException("Broker " + brokerId + " has not answered " + api + " in " + patience, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InspectionException("Interrupted while broker " + brokerId + " answers " + api, interrupted);
        }
    }

    /** {@return what a question gives, once no retriable error comes of it; the last such error if that takes too long} */
    public <T> T patiently(Question<T> question) {
        long deadlineNs = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return question.ask();
            } catch (InspectionException refused) {
                boolean late = System.nanoTime() - deadlineNs > 0;
                if (late
                        || !refused.error().retriable()
                        || refused instanceof UnknownTopicException
                        || Thread.currentThread().isInterrupted()) {
                    throw refused;
                }
                LockSupport.parkNanos(ASK_AGAIN_NS);
            }
        }
    }

    /** Refuses an answer with an error. */
    static void require(ErrorCode error, String what) {
        require(error, what, null);
    }

    /**
     * Refuses an answer with an error.
     *
     * @param what was asked
     * @param why what the broker says, or null
     * @throws InspectionException unless it is {@code NONE}
     */
    public static void require(ErrorCode error, String what, String why) {
        if (error != ErrorCode.NONE) {
            throw new InspectionException(
                    what + " is refused: " + error + (why == null ? "" : ", " + why), null, error);
        }
    }
}
