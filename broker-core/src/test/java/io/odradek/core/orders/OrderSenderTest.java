package io.odradek.core.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.BrokerOrders;
import io.odradek.core.controller.BrokerOrders.StoppedReplica;
import io.odradek.core.controller.LiveBroker;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.controller.MetadataUpdate.TopicUpdate;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How what a controller says reaches the brokers: in order, joined while one is slow, and in one life of each only. */
class OrderSenderTest {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final Map<Integer, SlowWay> ways = new TreeMap<>();
    private final BrokerOrders orders = new OrderSender(1, null, this::way).open(7);

    OrderSenderTest() {
        orders.live(Samples.brokers(2, 3));
    }

    private BrokerWay way(
            int brokerId, LiveBroker broker, Authority authority, Supplier<SortedMap<Integer, LiveBroker>> live) {
        assertThat(authority).isEqualTo(new Authority(1, 7, broker.epoch()));
        SlowWay way = new SlowWay();
        ways.put(brokerId, way);
        return way;
    }

    /** A broker that answers when it is told to. */
    private static final class SlowWay implements BrokerWay {
        final List<String> said = new ArrayList<>();
        CompletableFuture<List<TopicPartition>> underWay;
        CompletableFuture<Void> telling;
        boolean closed;

        @Override
        public CompletionStage<List<TopicPartition>> leaderAndIsr(List<PartitionState> states) {
            for (PartitionState state : states) {
                said.add("lead " + state.id() + " " + state.leader() + " in " + state.leaderEpoch()
                        + (state.isNew() ? " new" : ""));
            }
            return begin();
        }

        @Override
        public CompletionStage<List<TopicPartition>> stopReplicas(List<StoppedReplica> replicas) {
            for (StoppedReplica replica : replicas) {
                said.add((replica.delete() ? "delete " : "stop ") + replica.id());
            }
            return begin();
        }

        @Override
        public CompletionStage<Void> updateMetadata(MetadataUpdate update) {
            said.add("brokers " + update.brokers().keySet());
            for (TopicPartition id : update.deleted()) {
                said.add("gone " + id);
            }
            for (TopicUpdate topic : update.topics()) {
                topic.partitions()
                        .forEach(
                                (index, info) -> said.add("topic " + topic.name() + "-" + index + " " + info.leader()));
            }
            telling = new CompletableFuture<>();
            return telling;
        }

        private CompletableFuture<List<TopicPartition>> begin() {
            underWay = new CompletableFuture<>();
            return underWay;
        }

        /** {@return what has been said since the last call} */
        List<String> heard() {
            List<String> heard = List.copyOf(said);
            said.clear();
            return heard;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static MetadataUpdate update(String topic, Uuid id, int partition, int leader) {
        PartitionInfo info = new PartitionInfo(leader, 0, List.of(1, 2), List.of(1));
        return new MetadataUpdate(
                Samples.brokers(1, 2),
                List.of(new TopicUpdate(topic, id, new TreeMap<>(Map.of(partition, info)))),
                List.of());
    }

    private static MetadataUpdate deletion(TopicPartition id) {
        return new MetadataUpdate(Samples.brokers(1, 2), List.of(), List.of(id));
    }

    private static ErrorCode failure(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertThat(future).isCompletedExceptionally();
        try {
            future.join();
            return ErrorCode.NONE;
        } catch (CompletionException e) {
            return ((ApiException) e.getCause()).error();
        }
    }

    private static <T> T value(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    @Test
    void anOrderIsGivenAtOnceAndAnsweredWithWhatFailed() {
        var answer = orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1), Samples.state(ORDERS, 1, 4)));

        assertThat(ways.get(2).heard()).containsExactly("lead events-0 2 in 1", "lead orders-0 1 in 4");
        assertThat(answer.toCompletableFuture()).isNotDone();
        ways.get(2).underWay.complete(List.of(ORDERS));
        assertThat(value(answer)).containsExactly(ORDERS);
    }

    @Test
    void aSlowBrokerHoldsUpNobodyElse() {
        orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));

        var other = orders.leaderAndIsr(3, List.of(Samples.state(EVENTS, 2, 1)));

        ways.get(3).underWay.complete(List.of());
        assertThat(value(other)).isEmpty();
    }

    @Test
    void whatIsSaidWhileAnOrderIsUnderWayIsJoinedAndEachIsAnsweredForItsOwn() {
        SlowWay way = ways.get(2);
        orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));
        var first = orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 2), Samples.state(ORDERS, 2, 1)));
        var second = orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 1, 3)));
        way.heard();

        way.underWay.complete(List.of());

        assertThat(way.heard()).containsExactly("lead events-0 1 in 3", "lead orders-0 2 in 1");
        way.underWay.complete(List.of(ORDERS));
        assertThat(value(first)).containsExactly(ORDERS);
        assertThat(value(second)).isEmpty();
    }

    @Test
    void whereTooManyOrdersWaitForABrokerTheNextOnesFailAndThoseThatWaitAreGiven() {
        SlowWay way = ways.get(2);
        orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 0)));
        List<CompletionStage<?>> waiting = new ArrayList<>();
        for (int i = 1; i <= BrokerQueue.MOST_WAITING; i++) {
            waiting.add(orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, i))));
        }

        assertThat(failure(orders.leaderAndIsr(2, List.of(Samples.state(ORDERS, 2, 1)))))
                .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(failure(orders.updateMetadata(2, update("events", Samples.TOPIC_ID, 0, 2))))
                .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(failure(orders.stopReplicas(2, List.of(new StoppedReplica(EVENTS, 1, false)))))
                .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        way.heard();
        way.underWay.complete(List.of());
        assertThat(way.heard()).containsExactly("lead events-0 2 in " + BrokerQueue.MOST_WAITING);
        way.underWay.complete(List.of());
        waiting.forEach(answer -> assertThat(answer.toCompletableFuture()).isCompleted());
    }

    @Test
    void metadataFollowsTheLeadersThatItTellsOf() {
        SlowWay way = ways.get(2);
        orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));
        var told = orders.updateMetadata(2, update("events", Samples.TOPIC_ID, 0, 2));
        assertThat(way.heard()).containsExactly("lead events-0 2 in 1");

        way.underWay.complete(List.of());

        assertThat(way.heard()).containsExactly("brokers [1, 2]", "topic events-0 2");
        way.telling.complete(null);
        assertThat(told.toCompletableFuture()).isCompleted();
    }

    @Test
    void aTopicDeletedAndMadeAgainIsDeletedFirst() {
        SlowWay way = ways.get(2);
        orders.updateMetadata(2, update("other", new Uuid(1, 1), 0, 1));
        orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));
        orders.updateMetadata(2, update("events", Samples.TOPIC_ID, 0, 2));
        var deleted = orders.stopReplicas(2, List.of(new StoppedReplica(EVENTS, -2, true)));
        orders.updateMetadata(2, deletion(EVENTS));
        orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 0)));
        orders.updateMetadata(2, update("events", new Uuid(6, 6), 0, 2));
        way.heard();

        way.telling.complete(null);
        assertThat(way.heard()).containsExactly("delete events-0");
        way.underWay.complete(List.of());
        assertThat(value(deleted)).isEmpty();
        assertThat(way.heard()).containsExactly("lead events-0 2 in 0");
        way.underWay.complete(List.of());
        assertThat(way.heard()).containsExactly("brokers [1, 2]", "gone events-0", "topic events-0 2");
    }

    @Test
    void aReplicaThatIsDeletedNeedNotLeadBefore() {
        SlowWay way = ways.get(2);
        orders.updateMetadata(2, update("other", new Uuid(1, 1), 0, 1));
        var led = orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));
        orders.stopReplicas(2, List.of(new StoppedReplica(EVENTS, -2, true)));
        orders.updateMetadata(2, deletion(EVENTS));
        way.heard();

        way.telling.complete(null);
        assertThat(way.heard()).containsExactly("delete events-0");
        way.underWay.complete(List.of());

        assertThat(value(led)).isEmpty();
        assertThat(way.heard()).containsExactly("brokers [1, 2]", "gone events-0");
    }

    @Test
    void aReplicaThatComesBackNeedNotStopBeforeAndIsStillNew() {
        SlowWay way = ways.get(2);
        orders.updateMetadata(2, update("other", new Uuid(1, 1), 0, 1));
        PartitionState state = Samples.state(EVENTS, 2, 0);
        orders.leaderAndIsr(
                2, List.of(new PartitionState(EVENTS, state.topicId(), 2, 0, state.isr(), 0, state.replicas(), true)));
        orders.stopReplicas(2, List.of(new StoppedReplica(EVENTS, 0, false)));
        orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));
        way.heard();

        way.telling.complete(null);

        assertThat(way.heard()).containsExactly("lead events-0 2 in 1 new");
    }

    @Test
    void ordersForABrokerThatHasGoneFailAndItsWayIsClosed() {
        SlowWay before = ways.get(2);
        var underWay = orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));
        var waiting = orders.updateMetadata(2, update("events", Samples.TOPIC_ID, 0, 2));

        orders.live(Samples.brokers(3));

        assertThat(failure(underWay)).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        assertThat(failure(waiting)).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        assertThat(before.closed).isTrue();
        assertThat(failure(orders.stopReplicas(2, List.of(new StoppedReplica(EVENTS, 1, false)))))
                .isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        assertThat(ways.get(3).closed).isFalse();
    }

    @Test
    void theDepartureOfOneBrokerEndsNobodyElsesOrders() {
        orders.live(Samples.brokers(2, 3, 4));
        orders.live(Samples.brokers(2, 4));
        assertThat(ways.get(2).closed).isFalse();
        assertThat(ways.get(3).closed).isTrue();
        assertThat(ways.get(4).closed).isFalse();
        orders.updateMetadata(4, update("events", Samples.TOPIC_ID, 0, 2));
        assertThat(ways.get(4).heard()).isNotEmpty();
    }

    @Test
    void anotherLifeOfABrokerHearsNothingOfWhatWasSaidToTheOneBefore() {
        SlowWay before = ways.get(2);
        var underWay = orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));
        orders.leaderAndIsr(2, List.of(Samples.state(ORDERS, 2, 1)));

        orders.live(new TreeMap<>(Map.of(2, Samples.broker(2, 500), 3, Samples.broker(3, 103))));
        before.underWay.complete(List.of());

        assertThat(failure(underWay)).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        assertThat(before.heard()).containsExactly("lead events-0 2 in 1");
        assertThat(ways.get(2)).isNotSameAs(before);
        assertThat(ways.get(2).heard()).isEmpty();
    }

    @Test
    void whatIsUnderWayWhenTheOfficeEndsFails() {
        var underWay = orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));

        orders.close();

        assertThat(failure(underWay)).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(ways.get(2).closed).isTrue();
        assertThat(ways.get(3).closed).isTrue();
    }

    @Test
    void anOrderThatFailsDoesNotKeepTheNextOneFromBeingGiven() {
        SlowWay way = ways.get(2);
        var first = orders.leaderAndIsr(2, List.of(Samples.state(EVENTS, 2, 1)));
        var second = orders.leaderAndIsr(2, List.of(Samples.state(ORDERS, 2, 1)));
        way.heard();

        way.underWay.completeExceptionally(new ApiException(ErrorCode.STALE_CONTROLLER_EPOCH, "later"));

        assertThat(failure(first)).isEqualTo(ErrorCode.STALE_CONTROLLER_EPOCH);
        assertThat(way.heard()).containsExactly("lead orders-0 2 in 1");
        way.underWay.complete(List.of());
        assertThat(value(second)).isEmpty();
    }

    @Test
    void whoeverOfManyGoesIsTheOnlyOneWhoseOrdersEnd() {
        for (int gone : List.of(2, 3, 4, 5, 6)) {
            ways.clear();
            BrokerOrders many = new OrderSender(1, null, this::way).open(7);
            many.live(Samples.brokers(2, 3, 4, 5, 6));
            SortedMap<Integer, LiveBroker> left = new TreeMap<>(Samples.brokers(2, 3, 4, 5, 6));
            left.remove(gone);

            many.live(left);

            ways.forEach((id, way) ->
                    assertThat(way.closed).as("way to %d, %d gone", id, gone).isEqualTo(id == gone));
        }
    }
}
