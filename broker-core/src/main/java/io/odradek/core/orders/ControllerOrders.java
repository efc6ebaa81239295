package io.odradek.core.orders;

import io.odradek.core.cluster.TermListener;
import io.odradek.core.config.dynamic.TopicConfigEffect;
import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.metadata.MetadataCache;
import io.odradek.core.partition.LocalReplicas;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.partition.LocalReplicas.ReplicaStop;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Carries out what controllers order this broker to do. Orders are begun in the order in which they come, each once what is
 * to be known for the one before has been read: what two of them say of one partition takes effect in that order. Belongs to
 * the cluster loop; stages complete there.
 *
 * <p>An order of a controller that has been followed by another fails with STALE_CONTROLLER_EPOCH; one that means an earlier
 * life of this broker with STALE_BROKER_EPOCH (KIP-380). A controller may know of a new life before the broker itself does,
 * as it sees the registration first; and what was meant for a process that is no more may reach the next one before it is
 * registered: so orders wait for the first registration.
 */
public final class ControllerOrders implements TermListener, TopicConfigEffect {
    private static final long RETRY_MS = 100;

    private final EventLoop loop;
    private final String clusterId;
    private final LocalReplicas replicas;
    private final MetadataCache metadata;
    private final TopicConfigReader configs;
    private final Runnable settingsChanged;
    private final Deque<Order> waiting = new ArrayDeque<>();
    private boolean hasJoined;
    private boolean isBeginning;
    private boolean beginsOthers;
    private int controllerEpoch = -1;
    private long earliestLife = Authority.ANY_LIFE;
    private long latestObeyed = Authority.ANY_LIFE;
    private long newestConnection;

    /** An order, and how it is begun: when the stage completes, the next one may be. */
    private record Order(CompletableFuture<?> answer, Supplier<CompletionStage<Void>> beginning) {
        CompletionStage<Void> begin() {
            try {
                return beginning.get();
            } catch (RuntimeException refusal) {
                return CompletableFuture.failedStage(refusal);
            }
        }
    }

    /**
     * @param loop the cluster loop
     * @param clusterId the cluster's identifier
     * @param replicas this broker's replicas
     * @param metadata where the image is published
     * @param configs reads the settings of topics whose logs are to be opened
     * @param settingsChanged is run when logs have come, gone or been given other settings
     */
    public ControllerOrders(
            EventLoop loop,
            String clusterId,
            LocalReplicas replicas,
            MetadataCache metadata,
            TopicConfigReader configs,
            Runnable settingsChanged) {
        this.loop = loop;
        this.clusterId = clusterId;
        this.replicas = replicas;
        this.metadata = metadata;
        this.configs = configs;
        this.settingsChanged = settingsChanged;
    }

    @Override
    public CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        earliestLife = brokerEpoch;
        hasJoined = true;
        beginNext();
        return CompletableFuture.completedStage(null);
    }

    /** Nothing that means the registration which has ended is to be done any more. */
    @Override
    public CompletionStage<Void> termEnded() {
        if (earliestLife != Authority.ANY_LIFE) {
            // Controllers may have spoken to a later life already, of which this broker has not learned before its end.
            earliestLife = Math.max(earliestLife, latestObeyed) + 1;
        }
        return CompletableFuture.completedStage(null);
    }

    /** Leads and follows. {@return the partitions that cannot be served} */
    public CompletionStage<List<TopicPartition>> leaderAndIsr(Authority authority, List<PartitionState> states) {
        CompletableFuture<List<TopicPartition>> unserved = new CompletableFuture<>();
        inTurn(unserved, () -> {
            check(authority);
            Set<String> unread = unopened(states);
            if (unread.isEmpty()) {
                relay(replicas.apply(states, Map.of()), unserved);
                return CompletableFuture.completedStage(null);
            }
            return untilRead(() -> configs.readNewest(unread)).thenAccept(read -> {
                // The registration that the order means may have ended meanwhile, and all that was led with it.
                check(authority);
                relay(told(replicas.apply(states, read)), unserved);
            });
        });
        return unserved;
    }

    /** Stops replicas. {@return those that cannot be stopped or deleted} */
    public CompletionStage<List<TopicPartition>> stopReplicas(Authority authority, List<ReplicaStop> stops) {
        CompletableFuture<List<TopicPartition>> left = new CompletableFuture<>();
        inTurn(left, () -> {
            check(authority);
            relay(told(replicas.stop(stops)), left);
            return CompletableFuture.completedStage(null);
        });
        return left;
    }

    /** Takes over what is new in the cluster. */
    public CompletionStage<Void> updateMetadata(Authority authority, MetadataUpdate update) {
        CompletableFuture<Void> known = new CompletableFuture<>();
        inTurn(known, () -> {
            check(authority);
            ImageUpdate next = ImageUpdate.of(metadata.image(), clusterId, authority.controllerId(), update);
            metadata.publish(next.image());
            if (!next.gone().isEmpty()) {
                metadata.deleted(next.gone());
            }
            known.complete(null);
            return CompletableFuture.completedStage(null);
        });
        return known;
    }

    /**
     * Takes changed settings of a topic over into the logs that are there. It has its turn among the orders, so that no log
     * is opened with former settings after the change.
     */
    @Override
    public CompletionStage<Void> changed(String topic) {
        CompletableFuture<Void> inEffect = new CompletableFuture<>();
        inTurn(
                inEffect,
                () -> untilRead(() -> configs.read(topic))
                        .thenAccept(overrides -> relay(told(replicas.updateTopicConfig(topic, overrides)), inEffect)));
        return inEffect;
    }

    private <T> CompletionStage<T> told(CompletionStage<T> change) {
        return change.whenComplete((value, error) -> settingsChanged.run());
    }

    /** A connection to the tree that is lost comes back, or the session ends. */
    private <T> CompletionStage<T> untilRead(Supplier<CompletionStage<T>> reading) {
        CompletableFuture<T> result = new CompletableFuture<>();
        read(reading, result);
        return result;
    }

    private <T> void read(Supplier<CompletionStage<T>> reading, CompletableFuture<T> result) {
        reading.get().whenComplete((value, error) -> {
            if (CoordinationException.is(error, Reason.CONNECTION_LOSS)) {
                loop.schedule(RETRY_MS, () -> read(reading, result));
            } else if (error != null) {
                result.completeExceptionally(cause(error));
            } else {
                result.complete(value);
            }
        });
    }

    private void check(Authority authority) {
        long life = authority.brokerEpoch();
        if (life != Authority.ANY_LIFE && life < earliestLife) {
            throw new ApiException(
                    ErrorCode.STALE_BROKER_EPOCH,
                    "The order is for this broker in epoch " + life + ", which is over; now it is " + earliestLife);
        }
        if (authority.controllerEpoch() < controllerEpoch) {
            throw new ApiException(
                    ErrorCode.STALE_CONTROLLER_EPOCH,
                    "The order is of the controller of epoch " + authority.controllerEpoch()
                            + "; there is one of epoch " + controllerEpoch);
        }
        if (authority.controllerEpoch() > controllerEpoch) {
            controllerEpoch = authority.controllerEpoch();
            newestConnection = authority.connection();
        }
        requireNewestConnection(authority);
        latestObeyed = Math.max(latestObeyed, life);
    }

    /**
     * A controller has one connection to a broker and makes a new one when it gives up waiting for an answer. What the former
     * one still brings has been ordered again since, and done: it would delete the log of a topic that was created again.
     */
    private void requireNewestConnection(Authority authority) {
        if (authority.connection() < newestConnection) {
            throw new ApiException(
                    ErrorCode.STALE_CONTROLLER_EPOCH,
                    "The order comes over a connection that its controller has replaced");
        }
        newestConnection = authority.connection();
    }

    private Set<String> unopened(List<PartitionState> states) {
        Set<String> topics = new TreeSet<>();
        for (PartitionState state : states) {
            if (!replicas.hasLog(state.id())) {
                topics.add(state.id().topic());
            }
        }
        return topics;
    }

    private void inTurn(CompletableFuture<?> answer, Supplier<CompletionStage<Void>> beginning) {
        waiting.add(new Order(answer, beginning));
        beginNext();
    }

    /** Answers are taken up at once, and may bring more orders: those wait until this one has been begun. */
    private void beginNext() {
        if (beginsOthers || !hasJoined) {
            return;
        }
        beginsOthers = true;
        while (!isBeginning && !waiting.isEmpty()) {
            isBeginning = true;
            Order order = waiting.remove();
            order.begin().whenComplete((begun, error) -> {
                isBeginning = false;
                if (error != null) {
                    order.answer().completeExceptionally(cause(error));
                }
                beginNext();
            });
        }
        beginsOthers = false;
    }

    private <T> void relay(CompletionStage<T> stage, CompletableFuture<T> to) {
        stage.whenComplete((value, error) -> loop.post(() -> {
            if (error == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(cause(error));
            }
        }));
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
