package io.odradek.server.tools.reassignment;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.ToolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.ApiException;

/** Begins moves, and tells what undoes them. */
record Execution(Admin admin, Report report) {
    /**
     * How moves are begun.
     *
     * @param additional whether there may be others under way
     * @param sameFactor whether to refuse a change of how many replicas there are
     * @param bytesPerSecond how fast brokers copy from each other; below 0 for as fast as they can
     * @param folderBytesPerSecond how fast they copy between their log folders; so too
     * @param timeoutMs how long brokers have to get the replicas that are to be in a certain folder
     */
    record How(
            boolean additional, boolean sameFactor, long bytesPerSecond, long folderBytesPerSecond, long timeoutMs) {}

    /** Begins them. @return the exit status @throws ToolException if nothing was begun */
    int begin(Reassignment wanted, How how) throws Exception {
        Replicas replicas = new Replicas(admin);
        SortedMap<TopicPartition, PartitionReassignment> underWay = replicas.moving();
        if (!underWay.isEmpty() && !how.additional()) {
            throw new ToolException("Replicas are being moved already (--list shows them): with --additional these move"
                    + " as well, and the throttle is set anew");
        }
        SortedSet<Integer> brokers = new TreeSet<>();
        wanted.replicas().values().forEach(brokers::addAll);
        Brokers.require(brokers, Brokers.known(admin).keySet());
        SortedMap<TopicPartition, List<Integer>> current =
                replicas.of(wanted.replicas().keySet());
        Map<String, Object> before = Reassignment.of(current).object();
        report.text("Current partition replica assignment\n\n" + Json.text(before)
                + "\n\nSave this to use as the --reassignment-json-file option during rollback");
        report.object("type", "current", "assignment", before);
        holdUp(wanted, PartitionMove.all(underWay, wanted.replicas(), current), how);
        int status = move(wanted.replicas(), how.sameFactor());
        if (status == Tool.DONE && !wanted.folders().isEmpty()) {
            new FolderMoves(admin, report).begin(wanted.folders(), how.timeoutMs());
        }
        return status;
    }

    private void holdUp(Reassignment wanted, SortedMap<TopicPartition, PartitionMove> moves, How how) throws Exception {
        Throttles throttles = new Throttles(admin, report);
        if (how.bytesPerSecond() >= 0 || how.folderBytesPerSecond() >= 0) {
            report.text("Warning: You must run --verify periodically, until the reassignment completes, to ensure the"
                    + " throttle is removed.");
        }
        if (how.bytesPerSecond() >= 0) {
            throttles.set(moves, how.bytesPerSecond());
        }
        if (how.folderBytesPerSecond() >= 0) {
            SortedSet<Integer> brokers = new TreeSet<>();
            wanted.folders().keySet().stream()
                    .map(TopicPartitionReplica::brokerId)
                    .forEach(brokers::add);
            throttles.setOfFolders(brokers, how.folderBytesPerSecond());
        }
    }

    private int move(SortedMap<TopicPartition, List<Integer>> wanted, boolean sameFactor) throws Exception {
        Map<TopicPartition, Optional<NewPartitionReassignment>> asked = new HashMap<>();
        wanted.forEach(
                (partition, brokers) -> asked.put(partition, Optional.of(new NewPartitionReassignment(brokers))));
        Map<TopicPartition, KafkaFuture<Void>> answers = admin.alterPartitionReassignments(
                        asked, new AlterPartitionReassignmentsOptions().allowReplicationFactorChange(!sameFactor))
                .values();
        int status = Tool.DONE;
        for (TopicPartition each : wanted.keySet()) {
            try {
                Answers.of(answers.get(each));
                report.object(
                        "type",
                        "started",
                        "topic",
                        each.topic(),
                        "partition",
                        each.partition(),
                        "replicas",
                        wanted.get(each));
            } catch (ApiException refused) {
                report.terminal().out().flush();
                report.terminal()
                        .err()
                        .println("Error reassigning partition " + each + ": " + Failures.line(refused, null));
                status = Tool.FAILED;
            }
        }
        if (status == Tool.DONE) {
            report.text("Successfully started partition reassignment" + (wanted.size() == 1 ? "" : "s") + " for "
                    + Replicas.names(wanted.keySet()));
        }
        return status;
    }
}
