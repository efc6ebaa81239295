package io.odradek.server.tools.topics;

import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Reads which brokers are to have the partitions of a topic: {@code 0:1,1:2} for two partitions with two replicas each. */
final class ReplicaAssignment {
    private ReplicaAssignment() {}

    /**
     * {@return the brokers of each partition in turn, the preferred leader first}
     *
     * @throws UsageException if that cannot be meant
     */
    static List<List<Integer>> parse(String given) {
        List<List<Integer>> partitions = new ArrayList<>();
        for (String partition : given.split(",", -1)) {
            List<Integer> brokers = new ArrayList<>();
            for (String broker : partition.split(":", -1)) {
                try {
                    brokers.add(Integer.parseInt(broker.strip()));
                } catch (NumberFormatException wrong) {
                    throw new UsageException("\"" + broker + "\" in --replica-assignment is no broker's id");
                }
            }
            if (new HashSet<>(brokers).size() < brokers.size()) {
                throw new UsageException(
                        "--replica-assignment gives partition " + partitions.size() + " the same broker twice");
            }
            if (!partitions.isEmpty() && partitions.get(0).size() != brokers.size()) {
                throw new UsageException("--replica-assignment gives partition " + partitions.size() + " "
                        + brokers.size() + " replicas, and those before it "
                        + partitions.get(0).size());
            }
            partitions.add(brokers);
        }
        return partitions;
    }
}
