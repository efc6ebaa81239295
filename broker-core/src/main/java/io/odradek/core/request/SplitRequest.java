package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request that was split over owners and is answered once, by whichever finishes last. Each owner writes the results of
 * its own items only; the countdown makes them visible to the last.
 */
abstract class SplitRequest {
    private final RequestContext context;
    private final AtomicInteger partsOutstanding = new AtomicInteger();
    private volatile RuntimeException failure;

    SplitRequest(RequestContext context) {
        this.context = context;
    }

    final RequestContext context() {
        return context;
    }

    /** Says how many times {@link #partDone} will be called; before the first part starts. */
    final void expectParts(int parts) {
        partsOutstanding.set(parts);
    }

    /** A part is done; the last one answers. */
    final void partDone() {
        if (partsOutstanding.decrementAndGet() > 0) {
            return;
        }
        try {
            if (failure == null) {
                answer();
            } else {
                UnexpectedFailure.close(context, failure);
            }
        } catch (RuntimeException e) {
            UnexpectedFailure.close(context, e);
        }
    }

    /**
     * A part failed in an unforeseen way, and is done. The connection is closed when the other parts are done too: until
     * then they may look at the request's bytes.
     */
    final void partFailed(RuntimeException cause) {
        failure = cause;
        partDone();
    }

    /** Answers through the context; called once, on the thread of the last part. */
    protected abstract void answer();
}
