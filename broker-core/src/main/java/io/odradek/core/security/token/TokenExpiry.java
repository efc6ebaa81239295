package io.odradek.core.security.token;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tokens that are over out of the tree, now and then: on the broker that is controller, as with Kafka, so that no more than
 * one clock decides. They let nobody in even before. Belongs to the cluster loop.
 */
public final class TokenExpiry implements TermListener {
    private static final Logger LOG = LoggerFactory.getLogger(TokenExpiry.class);
    /** A century: longer is never. */
    private static final long LONGEST_MS = TimeUnit.DAYS.toMillis(36_525);

    private final Tokens tokens;
    private final EventLoop loop;
    private final Clock clock;
    private final long intervalMs;
    private final BooleanSupplier isController;
    private final FewLines lines;
    private EventLoop.Timeout next;

    /**
     * @param intervalMs how often they are looked at
     * @param isController whether it is for this broker
     */
    public TokenExpiry(Tokens tokens, EventLoop loop, Clock clock, long intervalMs, BooleanSupplier isController) {
        this.tokens = tokens;
        this.loop = loop;
        this.clock = clock;
        this.intervalMs = Math.min(intervalMs, LONGEST_MS);
        this.isController = isController;
        this.lines = new FewLines(LOG, clock);
    }

    @Override
    public CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        scheduleNext();
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> termEnded() {
        if (next != null) {
            next.cancel();
            next = null;
        }
        return CompletableFuture.completedStage(null);
    }

    private void scheduleNext() {
        next = loop.schedule(intervalMs, () -> {
            if (isController.getAsBoolean()) {
                look();
            }
            scheduleNext();
        });
    }

    private void look() {
        long nowMs = clock.wallMs();
        CompletionStage<Void> swept = CompletableFuture.completedStage(null);
        for (KnownToken known : List.copyOf(tokens.all())) {
            if (known.token().isOver(nowMs)) {
                swept = swept.thenCompose(before -> tokens.sweep(known.token().id()))
                        .exceptionally(error -> {
                            lines.warn("A delegation token that is over cannot be deleted now: " + error.getMessage());
                            return null;
                        });
            }
        }
    }
}
