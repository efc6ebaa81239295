package io.odradek.core.controller;

import io.odradek.storage.env.Randoms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a new topic's replicas go, as Kafka's users know it: preferred leaders go round the brokers from a random start,
 * each partition's followers stand on the brokers after its leader at a distance that grows with each round. Where every
 * broker has a rack, the brokers are taken rack by rack in turn, and no rack gets a second replica of a partition before
 * each has one.
 */
public final class Placement {
    private Placement() {}

    /**
     * Places replicas.
     *
     * @param racks the rack of each live broker by its id, null for none; at least {@code replicationFactor} entries
     * @param partitions how many partitions
     * @param replicationFactor how many replicas each has
     * @return the broker ids of each partition's replicas, the preferred leader first
     */
    public static SortedMap<Integer, List<Integer>> assign(
            SortedMap<Integer, String> racks, int partitions, int replicationFactor, Randoms randoms) {
        List<Integer> brokers = ordered(racks);
        int start = randoms.nextInt(brokers.size());
        int shift = randoms.nextInt(brokers.size());
        return assign(racks, brokers, new Turn(0, partitions, start, shift), replicationFactor);
    }

    /**
     * Places the replicas of partitions that a topic gets later, from where its first partition's leader stands.
     *
     * @param racks the rack of each live broker by its id, null for none; at least as many entries as {@code first}
     * @param first the replicas of the topic's first partition
     * @param present how many partitions it has
     * @param more how many it gets
     * @return the broker ids of each new partition's replicas, the preferred leader first
     */
    public static SortedMap<Integer, List<Integer>> extend(
            SortedMap<Integer, String> racks, List<Integer> first, int present, int more) {
        List<Integer> brokers = ordered(racks);
        int start = 0;
        for (int i = brokers.size() - 1; i >= 0; i--) {
            start = brokers.get(i) >= first.get(0) ? i : start;
        }
        return assign(racks, brokers, new Turn(present, more, start, start), first.size());
    }

    /**
     * Which partitions are placed, and where their round of the brokers begins.
     *
     * @param first the first partition
     * @param count how many
     * @param start the index of the broker that leads partition 0
     * @param shift the distance of the followers from their leader
     */
    private record Turn(int first, int count, int start, int shift) {}

    private static List<Integer> ordered(SortedMap<Integer, String> racks) {
        return racks.containsValue(null) ? new ArrayList<>(racks.keySet()) : alternatingRacks(racks);
    }

    private static SortedMap<Integer, List<Integer>> assign(
            SortedMap<Integer, String> racks, List<Integer> brokers, Turn turn, int replicationFactor) {
        int rackCount = racks.containsValue(null) ? 1 : new TreeSet<>(racks.values()).size();
        int shift = turn.shift();
        SortedMap<Integer, List<Integer>> assignment = new TreeMap<>();
        for (int partition = turn.first(); partition < turn.first() + turn.count(); partition++) {
            if (partition > 0 && partition % brokers.size() == 0) {
                shift++;
            }
            int first = (partition + turn.start()) % brokers.size();
            assignment.put(
                    partition,
                    rackCount > 1
                            ? acrossRacks(racks, brokers, replicationFactor, first, shift * rackCount)
                            : inTurn(brokers, replicationFactor, first, shift));
        }
        return assignment;
    }

    private static List<Integer> inTurn(List<Integer> brokers, int replicationFactor, int first, int shift) {
        List<Integer> replicas = new ArrayList<>(replicationFactor);
        replicas.add(brokers.get(first));
        for (int follower = 0; follower < replicationFactor - 1; follower++) {
            replicas.add(brokers.get(followerIndex(first, shift, follower, brokers.size())));
        }
        return List.copyOf(replicas);
    }

    private static List<Integer> acrossRacks(
            Map<Integer, String> racks, List<Integer> brokers, int replicationFactor, int first, int shift) {
        int rackCount = new TreeSet<>(racks.values()).size();
        List<Integer> replicas = new ArrayList<>(replicationFactor);
        SortedSet<String> usedRacks = new TreeSet<>();
        replicas.add(brokers.get(first));
        usedRacks.add(racks.get(brokers.get(first)));
        for (int step = 0; replicas.size() < replicationFactor; step++) {
            Integer candidate = brokers.get(followerIndex(first, shift, step, brokers.size()));
            boolean rackIsFree = usedRacks.size() == rackCount || !usedRacks.contains(racks.get(candidate));
            if (rackIsFree && !replicas.contains(candidate)) {
                replicas.add(candidate);
                usedRacks.add(racks.get(candidate));
            }
        }
        return List.copyOf(replicas);
    }

    private static int followerIndex(int first, int shift, int follower, int brokers) {
        return (first + 1 + (shift + follower) % (brokers - 1)) % brokers;
    }

    private static List<Integer> alternatingRacks(SortedMap<Integer, String> racks) {
        SortedMap<String, List<Integer>> byRack = new TreeMap<>();
        for (Map.Entry<Integer, String> entry : racks.entrySet()) {
            byRack.computeIfAbsent(entry.getValue(), any -> new ArrayList<>()).add(entry.getKey());
        }
        List<Integer> brokers = new ArrayList<>(racks.size());
        for (int round = 0; brokers.size() < racks.size(); round++) {
            for (List<Integer> rack : byRack.values()) {
                if (round < rack.size()) {
                    brokers.add(rack.get(round));
                }
            }
        }
        return brokers;
    }
}
