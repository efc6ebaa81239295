package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiResponse;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Answers a request from a thread that may block; what fails there is answered too. */
final class BlockingAnswer {
    private BlockingAnswer() {}

    static void give(RequestContext context, Executor blocking, Supplier<ApiResponse> answer) {
        blocking.execute(() -> {
            try {
                context.respond(answer.get());
            } catch (RuntimeException e) {
                UnexpectedFailure.close(context, e);
            } catch (Error e) {
                UnexpectedFailure.close(context, new IllegalStateException(e));
                throw e;
            }
        });
    }
}
