package io.odradek.server.login;

import io.odradek.core.security.sasl.SaslExchange;
import io.odradek.core.security.sasl.SaslStep;
import io.odradek.core.security.sasl.SaslStep.Refused;
import io.odradek.protocol.errors.Quoted;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * An exchange that may block: it takes place on threads that may wait. What it throws refuses the login.
 *
 * @param exchange the exchange
 * @param away where it takes place
 */
record AwayExchange(SaslExchange exchange, Executor away) implements SaslExchange {
    @Override
    public CompletionStage<SaslStep> next(byte[] token) {
        CompletableFuture<SaslStep> step = new CompletableFuture<>();
        try {
            away.execute(() -> take(token, step));
        } catch (RejectedExecutionException tooMany) {
            step.complete(new Refused(null, "too many logins wait for their check (odradek.login.max.waiting)"));
        }
        return step;
    }

    private void take(byte[] token, CompletableFuture<SaslStep> step) {
        try {
            exchange.next(token).whenComplete((next, fault) -> step.complete(fault == null ? next : refused(fault)));
        } catch (RuntimeException | Error fault) {
            step.complete(refused(fault));
        }
    }

    private static Refused refused(Throwable fault) {
        return new Refused(null, "its check fails: " + Quoted.text(String.valueOf(fault)));
    }
}
