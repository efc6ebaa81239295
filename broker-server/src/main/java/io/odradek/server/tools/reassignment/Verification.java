package io.odradek.server.tools.reassignment;

import io.odradek.server.tools.Brokers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;

/** Tells how far moves are, and takes away what holds them up when there are none any more. */
record Verification(Admin admin, Report report) {
    /** Tells it. @param keepThrottles whether nothing is taken away */
    void print(Reassignment wanted, boolean keepThrottles) throws Exception {
        Replicas replicas = new Replicas(admin);
        SortedMap<TopicPartition, PartitionReassignment> underWay = replicas.moving();
        SortedMap<TopicPartition, List<Integer>> current =
                replicas.ifThere(wanted.replicas().keySet());
        List<String> lines = new ArrayList<>(List.of("Status of partition reassignment:"));
        wanted.replicas().forEach((partition, target) -> {
            boolean moving = underWay.containsKey(partition);
            List<Integer> now = current.getOrDefault(partition, List.of());
            lines.add(line(partition, moving, now, target));
            report.object(
                    "type",
                    "partition",
                    "topic",
                    partition.topic(),
                    "partition",
                    partition.partition(),
                    "state",
                    moving ? "moving" : now.equals(target) ? "completed" : "not moving",
                    "replicas",
                    now,
                    "wanted",
                    target);
        });
        report.text(String.join("\n", lines));
        boolean foldersEnded = new FolderMoves(admin, report).print(wanted.folders());
        if (underWay.isEmpty() && foldersEnded && !keepThrottles) {
            new Throttles(admin, report).clear(wanted.replicas());
        }
    }

    private static String line(TopicPartition partition, boolean moving, List<Integer> now, List<Integer> target) {
        if (moving) {
            return "Reassignment of partition " + partition + " is still in progress.";
        }
        return now.equals(target)
                ? "Reassignment of partition " + partition + " is completed."
                : "There is no active reassignment of partition " + partition + ", but replica set is "
                        + Brokers.text(now) + " rather than " + Brokers.text(target) + ".";
    }

    /** Tells of all moves that are under way. */
    void list() throws Exception {
        SortedMap<TopicPartition, PartitionReassignment> underWay = new Replicas(admin).moving();
        report.text(underWay.isEmpty() ? "No partition reassignments found." : "Current partition reassignments:");
        for (Map.Entry<TopicPartition, PartitionReassignment> each : underWay.entrySet()) {
            PartitionReassignment move = each.getValue();
            report.text(each.getKey() + ": replicas: " + Brokers.text(move.replicas()) + "."
                    + part("adding", move.addingReplicas()) + part("removing", move.removingReplicas()));
            report.object(
                    "topic",
                    each.getKey().topic(),
                    "partition",
                    each.getKey().partition(),
                    "replicas",
                    move.replicas(),
                    "addingReplicas",
                    move.addingReplicas(),
                    "removingReplicas",
                    move.removingReplicas());
        }
    }

    private static String part(String name, List<Integer> brokers) {
        return brokers.isEmpty() ? "" : " " + name + ": " + Brokers.text(brokers) + ".";
    }
}
