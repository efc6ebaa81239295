package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Requests that ask the disk or take long otherwise, and so are served on threads that may block: one at a time, in the order in
 * which they came.
 *
 * <pre>
 *   waiting --its turn--------------------------> served, and answered whatever comes of it
 *           --too many wait, or its time is up--> REQUEST_TIMED_OUT
 *           --the client has gone---------------> dropped
 * </pre>
 */
public final class SlowRequests {
    private final FewAtOnce few;
    private final EventLoop loop;
    private final long maxWaitMs;
    private final String refusal;

    /**
     * @param blocking threads that may block
     * @param loop where the time is kept
     * @param mostWaiting requests that may wait
     * @param maxWaitMs how long they may ({@code odradek.request.max.wait.ms})
     * @param refusal is said to those that wait in vain
     */
    public SlowRequests(Executor blocking, EventLoop loop, int mostWaiting, long maxWaitMs, String refusal) {
        this.few = new FewAtOnce(blocking, 1, mostWaiting);
        this.loop = loop;
        this.maxWaitMs = maxWaitMs;
        this.refusal = refusal;
    }

    /** Serves a request, now or later. */
    public void serve(RequestContext context, Supplier<ApiResponse> work) {
        Waiting waiting = new Waiting(context, work);
        context.whenGone(waiting::gone);
        if (few.offer(waiting)) {
            loop.post(waiting::begins);
        } else {
            waiting.late();
        }
    }

    /** A request; whoever takes the work out of it answers. Its timer, which belongs to the loop, does not outlive that. */
    private final class Waiting implements Runnable {
        private final RequestContext context;
        private final AtomicReference<Supplier<ApiResponse>> work;
        private EventLoop.Timeout timeout;

        Waiting(RequestContext context, Supplier<ApiResponse> work) {
            this.context = context;
            this.work = new AtomicReference<>(work);
        }

        void begins() {
            if (work.get() != null) {
                timeout = loop.schedule(maxWaitMs, this::late);
            }
        }

        @Override
        public void run() {
            Supplier<ApiResponse> taken = take();
            if (taken == null) {
                return;
            }
            try {
                context.respond(taken.get());
            } catch (Throwable e) {
                UnexpectedFailure.answer(context, e);
            }
        }

        void gone() {
            if (take() != null) {
                context.respondNothing();
            }
        }

        void late() {
            if (take() != null) {
                context.fail(ErrorCode.REQUEST_TIMED_OUT, refusal);
            }
        }

        private Supplier<ApiResponse> take() {
            Supplier<ApiResponse> taken = work.getAndSet(null);
            if (taken != null) {
                loop.post(this::ends);
            }
            return taken;
        }

        private void ends() {
            if (timeout != null) {
                timeout.cancel();
            }
        }
    }
}
