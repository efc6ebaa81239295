package io.odradek.core.request;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the requests that one thing holds up, which are in work meanwhile: beyond the bound there are no more, so that the rest
 * of {@code queued.max.requests} is there for everybody else. Thread-safe.
 */
final class HeldUp {
    private final int most;
    private final ApiException refusal;
    private final AtomicInteger count = new AtomicInteger();

    /** @param message why further ones are refused */
    HeldUp(int most, String message) {
        this.most = most;
        this.refusal = new ApiException(ErrorCode.REQUEST_TIMED_OUT, message);
    }

    /** One more is held up. @throws ApiException {@link #refusal} if too many are */
    void enter() {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            throw refusal;
        }
    }

    /** One goes on. */
    void leave() {
        count.decrementAndGet();
    }

    /** {@return REQUEST_TIMED_OUT, which clients take for a reason to try again} */
    ApiException refusal() {
        return refusal;
    }
}
