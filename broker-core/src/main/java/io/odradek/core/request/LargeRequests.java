package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps requests of uncommon length away from the processors' threads, where all connections of a processor would wait for
 * them: names are made unique, answers are built and encoded elsewhere, for one such request at a time. It is for APIs
 * whose clients expect no order among requests that they send without waiting for answers.
 *
 * <pre>
 *   in work, its turn not come --its turn---------> served
 *                              --the client gone--> dropped
 * </pre>
 */
public final class LargeRequests {
    private final FewAtOnce few;
    private final int mostInlineBytes;

    /**
     * @param background threads that may be busy for long
     * @param mostInlineBytes the longest request that is served where it was read ({@code odradek.request.inline.max.bytes})
     */
    public LargeRequests(Executor background, int mostInlineBytes) {
        this.few = new FewAtOnce(background, 1, Integer.MAX_VALUE);
        this.mostInlineBytes = mostInlineBytes;
    }

    /** {@return a handler that does the same, in the background for large requests} */
    public <R extends ApiRequest> RequestHandler<R> aside(RequestHandler<R> handler) {
        return (request, context) -> {
            if (context.sizeBytes() <= mostInlineBytes) {
                handler.handle(request, context);
            } else {
                offer(new Waiting(context, () -> handler.handle(request, context)));
            }
        };
    }

    /** The request is in work until the handler has returned, and keeps its permit: permits bound how many wait. */
    private void offer(Waiting waiting) {
        waiting.context.workBegins(1);
        waiting.context.whenGone(waiting::gone);
        if (!few.offer(waiting)) {
            waiting.run();
        }
    }

    /** A request; whoever takes the work out of it answers. */
    private static final class Waiting implements Runnable {
        private final RequestContext context;
        private final AtomicReference<Runnable> work;

        Waiting(RequestContext context, Runnable work) {
            this.context = context;
            this.work = new AtomicReference<>(work);
        }

        @Override
        public void run() {
            context.begins();
            try {
                Runnable taken = work.getAndSet(null);
                if (taken != null) {
                    taken.run();
                }
            } catch (Throwable e) {
                UnexpectedFailure.answer(context, e);
            } finally {
                context.workEnds();
                context.ends();
            }
        }

        void gone() {
            if (work.getAndSet(null) != null) {
                context.respondNothing();
            }
        }
    }
}
