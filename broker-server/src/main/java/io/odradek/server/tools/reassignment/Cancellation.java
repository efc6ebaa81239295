package io.odradek.server.tools.reassignment;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.TopicPartitions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;

/** Takes moves back: replicas stay, or are again, where they were before. */
record Cancellation(Admin admin, Report report) {
    /** Takes them back. @return the exit status */
    int cancel(Reassignment moves, boolean keepThrottles, long timeoutMs) throws Exception {
        SortedSet<TopicPartition> moving = new TreeSet<>(TopicPartitions.IN_ORDER);
        moving.addAll(new Replicas(admin).moving().keySet());
        moving.retainAll(moves.replicas().keySet());
        if (moving.isEmpty()) {
            report.text("None of the specified partition reassignments are active.");
        } else if (!cancel(moving)) {
            return Tool.FAILED;
        }
        SortedMap<TopicPartitionReplica, String> back = new TreeMap<>(Reassignment.IN_ORDER);
        FolderMoves folders = new FolderMoves(admin, report);
        folders.states(moves.folders()).forEach((replica, state) -> {
            if (state instanceof FolderMove.UnderWay underWay) {
                back.put(replica, underWay.current());
            }
        });
        if (back.isEmpty()) {
            report.text("None of the specified partition moves are active.");
        } else {
            folders.begin(back, timeoutMs);
        }
        if (!keepThrottles) {
            new Throttles(admin, report).clear(moves.replicas());
        }
        return Tool.DONE;
    }

    private boolean cancel(SortedSet<TopicPartition> moving) throws Exception {
        Map<TopicPartition, Optional<NewPartitionReassignment>> asked = new HashMap<>();
        moving.forEach(each -> asked.put(each, Optional.empty()));
        Map<TopicPartition, KafkaFuture<Void>> answers =
                admin.alterPartitionReassignments(asked).values();
        boolean cancelled = true;
        for (TopicPartition each : moving) {
            try {
                Answers.of(answers.get(each));
                report.object("type", "cancelled", "topic", each.topic(), "partition", each.partition());
            } catch (ApiException refused) {
                report.terminal().out().flush();
                report.terminal()
                        .err()
                        .println("Error cancelling partition reassignment for " + each + ": "
                                + (refused instanceof NoReassignmentInProgressException
                                        ? "it has ended meanwhile"
                                        : Failures.line(refused, null)));
                cancelled = false;
            }
        }
        if (cancelled) {
            report.text("Successfully cancelled partition reassignment" + (moving.size() == 1 ? "" : "s") + " for: "
                    + Replicas.names(moving));
        }
        return cancelled;
    }
}
