package io.odradek.core.cluster;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's registration of its broker: {@code /brokers/ids/N} is created and read back, because the epoch of the broker
 * is the node's creation.
 *
 * <p>A node that is there already may be this broker's own, of a process that was killed and whose session has not expired
 * yet, or that of a second broker with the same id. Only time tells them apart: the first one vanishes within a session's
 * time-out. (Apache Kafka refuses both at once.) One of this very session, whose creation was answered to nobody, is the
 * registration that is wanted. Belongs to the cluster loop.
 *
 * <pre>
 *   creating ── created ──▶ reading back ──▶ registered
 *     ▲   └── is there ──▶ waiting ── for too long ──▶ refused
 *     └───── has vanished ────┤
 *   registered ◀── is its own ┘
 * </pre>
 */
final class BrokerRegistration {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerRegistration.class);

    private final CoordinationSession session;
    private final EventLoop loop;
    private final int brokerId;
    private final BrokerNode node;
    private final CompletableFuture<Long> epoch = new CompletableFuture<>();
    private EventLoop.Timeout deadline;
    private AutoCloseable watch;
    private boolean creating;

    /**
     * @param session the session that the node is to live as long as
     * @param node what the broker says of itself
     */
    BrokerRegistration(CoordinationSession session, EventLoop loop, int brokerId, BrokerNode node) {
        this.session = session;
        this.loop = loop;
        this.brokerId = brokerId;
        this.node = node;
    }

    /**
     * Registers the broker.
     *
     * @param waitMs how long a node that is there already may stay
     * @return the broker's epoch; fails with {@link IllegalStateException} and one line for the operator if the id is taken
     */
    CompletionStage<Long> register(long waitMs) {
        create(waitMs);
        return epoch;
    }

    private void create(long waitMs) {
        creating = true;
        session.create(ClusterPaths.broker(brokerId), node.encode(), CreateMode.EPHEMERAL)
                .whenComplete((path, error) -> {
                    creating = false;
                    if (error == null) {
                        readBack();
                    } else if (CoordinationException.is(error, Reason.NODE_EXISTS)) {
                        await(waitMs);
                    } else {
                        end(null, error);
                    }
                });
    }

    private void readBack() {
        session.get(ClusterPaths.broker(brokerId))
                .whenComplete((created, error) -> end(created == null ? null : created.creation(), error));
    }

    /** The watch comes before the look, so that no vanishing is missed. */
    private void await(long waitMs) {
        if (watch == null) {
            watch = session.watch(ClusterPaths.broker(brokerId), () -> tryAgain(waitMs));
            deadline = loop.schedule(waitMs, this::refuse);
            tryAgain(waitMs);
        }
    }

    private void tryAgain(long waitMs) {
        if (creating || epoch.isDone()) {
            return;
        }
        session.get(ClusterPaths.broker(brokerId)).whenComplete((other, error) -> {
            if (creating || epoch.isDone()) {
                return;
            }
            if (CoordinationException.is(error, Reason.NO_NODE)) {
                create(waitMs);
            } else if (error != null) {
                end(null, error);
            } else if (other.own()) {
                end(other.creation(), null);
            } else {
                LOG.warn(
                        "Broker id {} is registered already, by {}; if that is an earlier life of this broker, its session"
                                + " ends within {} ms",
                        brokerId,
                        BrokerNode.decode(other.data()).endpoints(),
                        waitMs);
            }
        });
    }

    private void refuse() {
        end(
                null,
                new IllegalStateException("Broker id " + brokerId
                        + " is registered by another broker that is alive; give this one its own broker.id"));
    }

    private void end(Long created, Throwable error) {
        if (deadline != null) {
            deadline.cancel();
        }
        if (watch != null) {
            close(watch);
        }
        if (error == null) {
            epoch.complete(created);
        } else {
            epoch.completeExceptionally(
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
        }
    }

    private static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("A watch could not be ended", e);
        }
    }
}
