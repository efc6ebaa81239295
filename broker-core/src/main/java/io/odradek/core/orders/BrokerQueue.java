package io.odradek.core.orders;

import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The orders for one broker in one of its lives. Those that come while others are under way are joined, and have their turn
 * when those have been answered; where too many wait for that, the next ones fail with REQUEST_TIMED_OUT, and what they say is
 * to be said again. Belongs to the controller's loop.
 *
 * <pre>
 *   idle --an order--> stops --> leaders and followers --> metadata --nothing has come--> idle
 *                        ^                                    |
 *                        +------- more has come meanwhile ----+          (each is left out if there is none)
 * </pre>
 */
final class BrokerQueue {
    /** More than wait for a broker that is only slow; those who wait cost more than what is joined. */
    static final int MOST_WAITING = 1_000;

    private final long brokerEpoch;
    private final BrokerWay way;
    private Round waiting = new Round();
    private Round underWay;
    private ErrorCode closed;

    /** Orders that are given together, and who waits for their answers. */
    private static final class Round {
        private final JoinedOrders orders = new JoinedOrders();
        private final List<Asked> stopping = new ArrayList<>();
        private final List<Asked> leading = new ArrayList<>();
        private final List<CompletableFuture<Void>> telling = new ArrayList<>();

        private boolean isEmpty() {
            return stopping.isEmpty() && leading.isEmpty() && telling.isEmpty();
        }

        private boolean isFull() {
            return stopping.size() + leading.size() + telling.size() >= MOST_WAITING;
        }
    }

    private record Asked(Set<TopicPartition> ids, CompletableFuture<List<TopicPartition>> answer) {}

    /**
     * @param brokerEpoch the broker's life
     * @param way the way to it
     */
    BrokerQueue(long brokerEpoch, BrokerWay way) {
        this.brokerEpoch = brokerEpoch;
        this.way = way;
    }

    /** {@return the life that it is for} */
    long brokerEpoch() {
        return brokerEpoch;
    }

    CompletionStage<List<TopicPartition>> leaderAndIsr(List<PartitionState> states) {
        if (waiting.isFull()) {
            return tooMany();
        }
        Set<TopicPartition> ids = new HashSet<>();
        for (PartitionState state : states) {
            ids.add(state.id());
        }
        Asked asked = new Asked(ids, new CompletableFuture<>());
        waiting.orders.addStates(states);
        waiting.leading.add(asked);
        advance();
        return asked.answer();
    }

    CompletionStage<List<TopicPartition>> stopReplicas(List<StoppedReplica> replicas) {
        if (waiting.isFull()) {
            return tooMany();
        }
        Set<TopicPartition> ids = new HashSet<>();
        for (StoppedReplica replica : replicas) {
            ids.add(replica.id());
        }
        Asked asked = new Asked(ids, new CompletableFuture<>());
        waiting.orders.addStops(replicas);
        waiting.stopping.add(asked);
        advance();
        return asked.answer();
    }

    CompletionStage<Void> updateMetadata(MetadataUpdate update) {
        if (waiting.isFull()) {
            return tooMany();
        }
        CompletableFuture<Void> answer = new CompletableFuture<>();
        waiting.orders.addUpdate(update);
        waiting.telling.add(answer);
        advance();
        return answer;
    }

    private static <T> CompletionStage<T> tooMany() {
        return CompletableFuture.failedStage(
                new ApiException(ErrorCode.REQUEST_TIMED_OUT, MOST_WAITING + " orders wait for the broker's answer"));
    }

    /** Gives up: what is not answered fails. What is answered after that is too late, and changes nothing. */
    void close(ErrorCode reason) {
        closed = reason;
        way.close();
        ApiException failure = new ApiException(reason, "The orders are given no more");
        Round left = underWay;
        Round never = waiting;
        underWay = null;
        waiting = new Round();
        if (left != null) {
            fail(left, failure);
        }
        fail(never, failure);
    }

    private void advance() {
        if (underWay == null && !waiting.isEmpty() && closed == null) {
            underWay = waiting;
            waiting = new Round();
            stop(underWay);
        }
    }

    private void stop(Round round) {
        List<StoppedReplica> stops = round.orders.stops();
        if (stops.isEmpty()) {
            answer(round.stopping, List.of(), null);
            lead(round);
            return;
        }
        way.stopReplicas(stops).whenComplete((left, error) -> {
            answer(round.stopping, left, error);
            lead(round);
        });
    }

    private void lead(Round round) {
        if (underWay != round) {
            return;
        }
        List<PartitionState> states = round.orders.states();
        if (states.isEmpty()) {
            answer(round.leading, List.of(), null);
            tell(round);
            return;
        }
        way.leaderAndIsr(states).whenComplete((unserved, error) -> {
            answer(round.leading, unserved, error);
            tell(round);
        });
    }

    private void tell(Round round) {
        if (underWay != round) {
            return;
        }
        if (round.orders.update() == null) {
            end(round);
            return;
        }
        way.updateMetadata(round.orders.update()).whenComplete((told, error) -> {
            for (CompletableFuture<Void> telling : round.telling) {
                complete(telling, null, error);
            }
            end(round);
        });
    }

    private void end(Round round) {
        if (underWay == round) {
            underWay = null;
            advance();
        }
    }

    private static void answer(List<Asked> all, List<TopicPartition> failed, Throwable error) {
        for (Asked asked : all) {
            complete(asked.answer(), error == null ? JoinedOrders.among(failed, asked.ids()) : null, error);
        }
    }

    private static void fail(Round round, ApiException failure) {
        answer(round.stopping, null, failure);
        answer(round.leading, null, failure);
        for (CompletableFuture<Void> telling : round.telling) {
            telling.completeExceptionally(failure);
        }
    }

    private static <T> void complete(CompletableFuture<T> to, T value, Throwable error) {
        if (error == null) {
            to.complete(value);
        } else {
            to.completeExceptionally(
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
        }
    }
}
