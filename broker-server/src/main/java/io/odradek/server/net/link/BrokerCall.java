package io.odradek.server.net.link;

import io.netty.util.concurrent.Future;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A request to another broker until it is answered. Belongs to the network's loop; its answer goes to the caller's. */
public final class BrokerCall {
    private final RequestEncoder.Encoded request;
    private final int timeoutMs;
    private final EventLoop caller;
    private final CompletableFuture<BrokerAnswer> answer = new CompletableFuture<>();
    private Future<?> deadline;

    BrokerCall(RequestEncoder.Encoded request, int timeoutMs, EventLoop caller) {
        this.request = request;
        this.timeoutMs = timeoutMs;
        this.caller = caller;
    }

    /** {@return the answer, on the caller's loop} */
    CompletionStage<BrokerAnswer> answer() {
        return answer.minimalCompletionStage();
    }

    RequestEncoder.Encoded request() {
        return request;
    }

    int timeoutMs() {
        return timeoutMs;
    }

    /** Says what happens when its time is over, to be forgotten when it was answered before. */
    void deadline(Future<?> timeout) {
        deadline = timeout;
    }

    /** Hands the answer, and with it the network's buffer, to the caller. */
    void complete(BrokerAnswer received) {
        forgetDeadline();
        tell(() -> answer.complete(received));
    }

    /** Tells the caller that there will be no answer; from any thread. */
    void fail(BrokerUnreachableException why) {
        forgetDeadline();
        tell(() -> answer.completeExceptionally(why));
    }

    @Override
    public String toString() {
        return request.api() + " " + request.version();
    }

    /** A hand-over between threads costs a follower more than all else that it does with a small answer. */
    private void tell(Runnable outcome) {
        if (caller instanceof OwnerLoop idleRunHere) {
            idleRunHere.execute(outcome);
        } else {
            caller.post(outcome);
        }
    }

    private void forgetDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
