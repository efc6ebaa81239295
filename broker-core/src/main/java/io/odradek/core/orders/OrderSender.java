package io.odradek.core.orders;

import io.odradek.core.controller.BrokerOrders;
import io.odradek.core.controller.LiveBroker;
import io.odradek.core.controller.MetadataUpdate;
import io.odradek.core.partition.LocalReplicas.PartitionState;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The way of this broker's controller to the brokers: to its own by plain calls, to all others as {@link Others} says.
 * Belongs to the controller's loop.
 */
public final class OrderSender implements BrokerOrders.Sender {
    private final int brokerId;
    private final ControllerOrders own;
    private final Others others;

    /** Finds the way to brokers that are not this one. */
    public interface Others {
        /**
         * {@return the way to a broker, which is asked for once in each of its lives}
         *
         * @param live who is alive when asked
         */
        BrokerWay way(
                int brokerId, LiveBroker broker, Authority authority, Supplier<SortedMap<Integer, LiveBroker>> live);
    }

    /**
     * The way to this broker alone: to all others orders fail with BROKER_NOT_AVAILABLE.
     *
     * @param brokerId this broker's id
     * @param own its receiving end
     */
    public OrderSender(int brokerId, ControllerOrders own) {
        this(brokerId, own, null);
    }

    /**
     * @param brokerId this broker's id
     * @param own its receiving end
     * @param others the way to all others; null for none
     */
    public OrderSender(int brokerId, ControllerOrders own, Others others) {
        this.brokerId = brokerId;
        this.own = own;
        this.others = others;
    }

    @Override
    public BrokerOrders open(int controllerEpoch) {
        return new Office(controllerEpoch);
    }

    /** The orders of one term of office. */
    private final class Office implements BrokerOrders {
        private final int controllerEpoch;
        private final SortedMap<Integer, BrokerQueue> lives = new TreeMap<>();
        private SortedMap<Integer, LiveBroker> alive = new TreeMap<>();

        Office(int controllerEpoch) {
            this.controllerEpoch = controllerEpoch;
        }

        @Override
        public void live(SortedMap<Integer, LiveBroker> brokers) {
            alive = brokers;
            List<BrokerQueue> gone = new ArrayList<>();
            for (Integer id : List.copyOf(lives.keySet())) {
                LiveBroker now = brokers.get(id);
                if (now == null || now.epoch() != lives.get(id).brokerEpoch()) {
                    gone.add(lives.remove(id));
                }
            }
            for (Map.Entry<Integer, LiveBroker> entry : brokers.entrySet()) {
                int id = entry.getKey();
                LiveBroker broker = entry.getValue();
                if (!lives.containsKey(id) && (id == brokerId || others != null)) {
                    lives.put(id, new BrokerQueue(broker.epoch(), way(id, broker)));
                }
            }
            gone.forEach(life -> life.close(ErrorCode.BROKER_NOT_AVAILABLE));
        }

        private BrokerWay way(int id, LiveBroker broker) {
            Authority authority = new Authority(brokerId, controllerEpoch, broker.epoch());
            return id == brokerId ? new LocalWay(own, authority) : others.way(id, broker, authority, () -> alive);
        }

        @Override
        public CompletionStage<List<TopicPartition>> leaderAndIsr(int broker, List<PartitionState> states) {
            BrokerQueue life = lives.get(broker);
            return life == null ? gone(broker) : life.leaderAndIsr(states);
        }

        @Override
        public CompletionStage<List<TopicPartition>> stopReplicas(int broker, List<StoppedReplica> replicas) {
            BrokerQueue life = lives.get(broker);
            return life == null ? gone(broker) : life.stopReplicas(replicas);
        }

        @Override
        public CompletionStage<Void> updateMetadata(int broker, MetadataUpdate update) {
            BrokerQueue life = lives.get(broker);
            return life == null ? gone(broker) : life.updateMetadata(update);
        }

        @Override
        public void close() {
            SortedMap<Integer, BrokerQueue> left = new TreeMap<>(lives);
            lives.clear();
            for (BrokerQueue life : left.values()) {
                life.close(ErrorCode.NOT_CONTROLLER);
            }
        }

        private static <T> CompletionStage<T> gone(int broker) {
            return CompletableFuture.failedStage(
                    new ApiException(ErrorCode.BROKER_NOT_AVAILABLE, "Broker " + broker + " is not alive"));
        }
    }
}
