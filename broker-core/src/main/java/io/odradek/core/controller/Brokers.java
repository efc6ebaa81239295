package io.odradek.core.controller;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which brokers there are, and which of their replicas they can serve. Immutable.
 *
 * @param live the registered brokers by id
 * @param leaving those of them that are about to stop: they serve what they have, and are elected for nothing more
 * @param failed replicas on failed disks, by broker id
 */
record Brokers(
        SortedMap<Integer, LiveBroker> live,
        SortedSet<Integer> leaving,
        SortedMap<Integer, SortedSet<TopicPartition>> failed) {
    /** Nobody. */
    static final Brokers NONE = new Brokers(new TreeMap<>(), new TreeSet<>(), new TreeMap<>());

    /** {@return whether a broker serves its replica of a partition} */
    boolean serve(int brokerId, TopicPartition partition) {
        return live.containsKey(brokerId) && !failedOn(brokerId).contains(partition);
    }

    /** {@return whether a broker may be elected, or join an ISR} */
    boolean electable(int brokerId, TopicPartition partition) {
        return serve(brokerId, partition) && !leaving.contains(brokerId);
    }

    /** {@return whether this life of a broker is the one that is registered; -1 stands for any} */
    boolean current(int brokerId, long brokerEpoch) {
        LiveBroker broker = live.get(brokerId);
        return broker != null && (brokerEpoch == -1 || broker.epoch() == brokerEpoch);
    }

    /** Refuses with STALE_BROKER_EPOCH what is said of a life of a broker that is not the one that is registered. */
    void requireCurrent(int brokerId, long brokerEpoch) {
        if (!current(brokerId, brokerEpoch)) {
            throw new ApiException(
                    ErrorCode.STALE_BROKER_EPOCH,
                    "Broker " + brokerId + " of epoch " + brokerEpoch + " is not the one that is registered");
        }
    }

    /** {@return the brokers that live but cannot serve their replica of a partition} */
    List<Integer> failedReplicas(TopicPartition partition) {
        List<Integer> brokers = List.of();
        for (Map.Entry<Integer, SortedSet<TopicPartition>> entry : failed.entrySet()) {
            if (entry.getValue().contains(partition)) {
                brokers = brokers.isEmpty() ? new ArrayList<>() : brokers;
                brokers.add(entry.getKey());
            }
        }
        return brokers;
    }

    /** {@return the rack of each live broker, null for none} */
    SortedMap<Integer, String> racks() {
        SortedMap<Integer, String> racks = new TreeMap<>();
        for (Map.Entry<Integer, LiveBroker> entry : live.entrySet()) {
            racks.put(entry.getKey(), entry.getValue().node().rack());
        }
        return racks;
    }

    /** {@return what is left of them when those who have come back as others are taken for gone} */
    SortedMap<Integer, LiveBroker> withoutOthers(SortedMap<Integer, LiveBroker> now) {
        SortedMap<Integer, LiveBroker> same = new TreeMap<>();
        for (Map.Entry<Integer, LiveBroker> entry : now.entrySet()) {
            LiveBroker before = live.get(entry.getKey());
            if (before == null || before.epoch() == entry.getValue().epoch()) {
                same.put(entry.getKey(), entry.getValue());
            }
        }
        return same;
    }

    /** {@return these brokers now; whoever has gone, or come back as another, leaves no longer and has another chance with its disks} */
    Brokers replacedBy(SortedMap<Integer, LiveBroker> now) {
        SortedSet<Integer> stillLeaving = new TreeSet<>(leaving);
        SortedMap<Integer, SortedSet<TopicPartition>> stillFailed = new TreeMap<>(failed);
        for (Map.Entry<Integer, LiveBroker> entry : live.entrySet()) {
            LiveBroker after = now.get(entry.getKey());
            if (after == null || after.epoch() != entry.getValue().epoch()) {
                stillLeaving.remove(entry.getKey());
                stillFailed.remove(entry.getKey());
            }
        }
        return new Brokers(new TreeMap<>(now), stillLeaving, stillFailed);
    }

    /** {@return with one of them about to stop} */
    Brokers withLeaving(int brokerId) {
        SortedSet<Integer> more = new TreeSet<>(leaving);
        more.add(brokerId);
        return new Brokers(live, more, failed);
    }

    /** {@return with replicas that one of them cannot serve} */
    Brokers withFailed(int brokerId, Collection<TopicPartition> partitions) {
        SortedSet<TopicPartition> more = new TreeSet<>(failedOn(brokerId));
        more.addAll(partitions);
        SortedMap<Integer, SortedSet<TopicPartition>> all = new TreeMap<>(failed);
        all.put(brokerId, more);
        return new Brokers(live, leaving, all);
    }

    /** {@return with replicas that one of them could not serve, and serves now} */
    Brokers withServed(int brokerId, Collection<TopicPartition> partitions) {
        SortedSet<TopicPartition> left = new TreeSet<>(failedOn(brokerId));
        left.removeAll(partitions);
        SortedMap<Integer, SortedSet<TopicPartition>> all = new TreeMap<>(failed);
        if (left.isEmpty()) {
            all.remove(brokerId);
        } else {
            all.put(brokerId, left);
        }
        return new Brokers(live, leaving, all);
    }

    /** {@return without what could not be served of partitions that are gone; others of their names may come} */
    Brokers withoutFailed(Collection<TopicPartition> gone) {
        SortedMap<Integer, SortedSet<TopicPartition>> rest = new TreeMap<>();
        for (Map.Entry<Integer, SortedSet<TopicPartition>> entry : failed.entrySet()) {
            SortedSet<TopicPartition> left = new TreeSet<>(entry.getValue());
            left.removeAll(gone);
            if (!left.isEmpty()) {
                rest.put(entry.getKey(), left);
            }
        }
        return new Brokers(live, leaving, rest);
    }

    private SortedSet<TopicPartition> failedOn(int brokerId) {
        SortedSet<TopicPartition> partitions = failed.get(brokerId);
        return partitions == null ? Collections.emptySortedSet() : partitions;
    }
}
