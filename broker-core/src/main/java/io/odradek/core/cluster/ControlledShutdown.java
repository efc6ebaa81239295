package io.odradek.core.cluster;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.transport.ControllerClient;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ControlledShutdownRequest;
import io.odradek.protocol.api.ControlledShutdownResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controller to have other brokers lead what this one leads, before it stops: so that clients go over without
 * waiting for its session to end. A few times; after that the broker stops anyway, and is missed as one that was killed.
 *
 * <pre>
 *   asking ── nothing is left ─────────────────────▶ handed over
 *     ▲  ├─── the tree is away ────────────────────▶ given up
 *     │  └─── something is left, or no answer ──▶ waiting, or given up after the last time
 *     └──────── controlled.shutdown.retry.backoff.ms ───┘
 * </pre>
 */
public final class ControlledShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(ControlledShutdown.class);
    private static final int VERSION = 3;
    private static final long LEAST_PATIENCE_MS = 1_000;

    private final ControllerClient controller;
    private final Supplier<? extends CompletionStage<?>> tree;
    private final EventLoop loop;
    private final int brokerId;
    private final LongSupplier brokerEpoch;
    private final Settings settings;

    /**
     * How it is tried.
     *
     * @param attempts {@code controlled.shutdown.max.retries}: how often in all
     * @param pauseMs {@code controlled.shutdown.retry.backoff.ms}, and how long the tree may take to show that it is there
     * @param timeoutMs {@code controller.socket.timeout.ms}: how long one attempt may take
     */
    public record Settings(int attempts, long pauseMs, int timeoutMs) {}

    /**
     * @param controller the way to the controller
     * @param tree looks at something in the cluster's tree, without which no controller can do anything
     * @param loop the cluster loop
     * @param brokerEpoch the epoch of the registration that holds now
     */
    public ControlledShutdown(
            ControllerClient controller,
            Supplier<? extends CompletionStage<?>> tree,
            EventLoop loop,
            int brokerId,
            LongSupplier brokerEpoch,
            Settings settings) {
        this.controller = controller;
        this.tree = tree;
        this.loop = loop;
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
        this.settings = settings;
    }

    /** {@return on the cluster loop, whether other brokers lead all that they can lead} May be called from any thread. */
    public CompletionStage<Boolean> handOver() {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        loop.post(() -> attempt(1, ended));
        return ended;
    }

    private void attempt(int number, CompletableFuture<Boolean> ended) {
        if (number > settings.attempts()) {
            LOG.warn("Broker {} stops without having handed over all that it leads", brokerId);
            ended.complete(false);
            return;
        }
        askTree().whenComplete((there, error) -> {
            if (there) {
                ask(number, ended);
            } else {
                LOG.warn("Broker {} stops without handing over what it leads: the cluster's tree is away", brokerId);
                ended.complete(false);
            }
        });
    }

    /** {@return whether the tree answers within a pause, whatever it has to say} */
    private CompletionStage<Boolean> askTree() {
        CompletableFuture<Boolean> there = new CompletableFuture<>();
        EventLoop.Timeout patience =
                loop.schedule(Math.max(settings.pauseMs(), LEAST_PATIENCE_MS), () -> there.complete(false));
        tree.get().whenComplete((node, error) -> {
            patience.cancel();
            there.complete(error == null || CoordinationException.is(error, Reason.NO_NODE));
        });
        return there;
    }

    private void ask(int number, CompletableFuture<Boolean> ended) {
        ControlledShutdownRequest request = new ControlledShutdownRequest(brokerId, brokerEpoch.getAsLong());
        controller
                .send(ApiKey.CONTROLLED_SHUTDOWN, VERSION, request, settings.timeoutMs())
                .whenComplete((response, error) -> {
                    String obstacle = obstacle(response, error);
                    if (obstacle == null) {
                        ended.complete(true);
                        return;
                    }
                    LOG.warn("Broker {} cannot hand over what it leads yet: {}", brokerId, obstacle);
                    long pauseMs = number < settings.attempts() ? settings.pauseMs() : 0;
                    loop.schedule(pauseMs, () -> attempt(number + 1, ended));
                });
    }

    /** {@return what keeps an answer from being the last one, null if nothing does} */
    static String obstacle(ApiResponse response, Throwable error) {
        if (error != null) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            return cause.getMessage() == null ? cause.toString() : cause.getMessage();
        }
        ControlledShutdownResponse answer = (ControlledShutdownResponse) response;
        if (answer.errorCode() != ErrorCode.NONE) {
            return "the controller answers " + answer.errorCode();
        }
        int left = answer.remainingPartitions().size();
        return left == 0
                ? null
                : left + " partitions have no other replica in sync, one of them "
                        + answer.remainingPartitions().get(0).topicName() + "-"
                        + answer.remainingPartitions().get(0).partitionIndex();
    }
}
