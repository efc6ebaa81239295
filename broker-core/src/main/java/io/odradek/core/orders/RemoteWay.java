package io.odradek.core.orders;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.LiveBroker;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.LeaderAndIsrRequest.LeaderAndIsrLiveLeader;
import io.odradek.protocol.api.LeaderAndIsrResponse;
import io.odradek.protocol.api.StopReplicaResponse;
import io.odradek.protocol.api.UpdateMetadataResponse;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The way to another broker, over a connection of its own. An order is sent again and again until it is answered: each of
 * them may be carried out more than once. Only that there is a later controller, or a later life of that broker, ends it.
 *
 * <pre>
 *   idle --an order--> sent --answered------------> idle
 *                       ^  \--no answer, refused--> waiting
 *                       +------its time has come------+           close() ends each
 * </pre>
 */
final class RemoteWay implements BrokerWay {
    private static final long FIRST_RETRY_MS = 100;
    private static final long LAST_RETRY_MS = 1_000;

    private final int brokerId;
    private final Endpoint endpoint;
    private final Authority authority;
    private final Supplier<SortedMap<Integer, LiveBroker>> live;
    private final RemoteWays shared;
    private BrokerConnection connection;
    private EventLoop.Timeout retry;
    private long retryMs = FIRST_RETRY_MS;
    private boolean closed;

    /**
     * @param endpoint where the broker listens for its controller, null if nowhere
     * @param live who is alive now
     * @param shared what all of them have in common
     */
    RemoteWay(
            int brokerId,
            Endpoint endpoint,
            Authority authority,
            Supplier<SortedMap<Integer, LiveBroker>> live,
            RemoteWays shared) {
        this.brokerId = brokerId;
        this.endpoint = endpoint;
        this.authority = authority;
        this.live = live;
        this.shared = shared;
    }

    /** What an order asks, and how its answer reads. */
    private record Order<T>(ApiKey api, int version, ApiRequest request, Reading<T> reading) {}

    private interface Reading<T> {
        /** {@return what was answered} @throws ApiException if the answer is an error of the request as a whole */
        T read(Object response);
    }

    @Override
    public CompletionStage<List<TopicPartition>> leaderAndIsr(List<PartitionState> states) {
        return give(new Order<>(
                ApiKey.LEADER_AND_ISR,
                LeaderAndIsrWire.VERSION,
                LeaderAndIsrWire.request(authority, states, liveLeaders(states)),
                response -> {
                    LeaderAndIsrResponse answer = (LeaderAndIsrResponse) response;
                    check(answer.errorCode());
                    return LeaderAndIsrWire.unserved(states, answer);
                }));
    }

    @Override
    public CompletionStage<List<TopicPartition>> stopReplicas(List<StoppedReplica> replicas) {
        return give(new Order<>(
                ApiKey.STOP_REPLICA,
                StopReplicaWire.VERSION,
                StopReplicaWire.request(authority, replicas),
                response -> {
                    StopReplicaResponse answer = (StopReplicaResponse) response;
                    check(answer.errorCode());
                    return StopReplicaWire.left(answer);
                }));
    }

    @Override
    public CompletionStage<Void> updateMetadata(MetadataUpdate update) {
        return give(new Order<>(
                ApiKey.UPDATE_METADATA,
                UpdateMetadataWire.VERSION,
                UpdateMetadataWire.request(authority, update),
                response -> {
                    check(((UpdateMetadataResponse) response).errorCode());
                    return null;
                }));
    }

    @Override
    public void close() {
        closed = true;
        if (retry != null) {
            retry.cancel();
        }
        if (connection != null) {
            connection.close();
        }
    }

    private List<LeaderAndIsrLiveLeader> liveLeaders(List<PartitionState> states) {
        SortedMap<Integer, LiveBroker> leaders = new TreeMap<>();
        for (PartitionState state : states) {
            LiveBroker leader = live.get().get(state.leader());
            if (leader != null) {
                leaders.put(state.leader(), leader);
            }
        }
        List<LeaderAndIsrLiveLeader> named = new ArrayList<>(leaders.size());
        leaders.forEach((id, leader) -> {
            Endpoint at = leader.node().endpoints().get(shared.listener());
            if (at != null) {
                named.add(new LeaderAndIsrLiveLeader(id, at.host(), at.port()));
            }
        });
        return named;
    }

    private static void check(ErrorCode error) {
        if (error != ErrorCode.NONE) {
            throw new ApiException(error, "The order was answered " + error);
        }
    }

    private <T> CompletionStage<T> give(Order<T> order) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        send(order, answer);
        return answer;
    }

    private <T> void send(Order<T> order, CompletableFuture<T> result) {
        if (closed) {
            return;
        }
        CompletionStage<BrokerAnswer> sent;
        try {
            if (connection == null) {
                connection = shared.connect(endpoint, brokerId);
            }
            sent = connection.send(order.api(), order.version(), order.request(), shared.timeoutMs());
        } catch (BrokerUnreachableException e) {
            sent = CompletableFuture.failedStage(e);
        }
        sent.whenComplete((answer, error) -> {
            if (error != null) {
                again(order, result, error);
                return;
            }
            try (answer) {
                T read = order.reading().read(answer.response());
                retryMs = FIRST_RETRY_MS;
                result.complete(read);
            } catch (ApiException e) {
                refused(order, result, e);
            }
        });
    }

    private <T> void refused(Order<T> order, CompletableFuture<T> result, ApiException refusal) {
        switch (refusal.error()) {
            case STALE_CONTROLLER_EPOCH -> result.completeExceptionally(refusal);
            case STALE_BROKER_EPOCH ->
                result.completeExceptionally(new ApiException(
                        ErrorCode.BROKER_NOT_AVAILABLE,
                        "Broker " + brokerId + " in epoch " + authority.brokerEpoch() + " is no more"));
            default -> again(order, result, refusal);
        }
    }

    private <T> void again(Order<T> order, CompletableFuture<T> result, Throwable reason) {
        if (closed) {
            return;
        }
        Throwable cause =
                reason instanceof CompletionException && reason.getCause() != null ? reason.getCause() : reason;
        shared.lines()
                .warn("Broker " + brokerId + " has not carried out its controller's " + order.api()
                        + ", which is sent again: " + cause.getMessage());
        retry = shared.loop().schedule(retryMs, () -> send(order, result));
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    }
}
