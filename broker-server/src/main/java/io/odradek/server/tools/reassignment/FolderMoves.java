package io.odradek.server.tools.reassignment;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.Brokers;
import io.odradek.server.tools.Failures;
import io.odradek.server.tools.ToolException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ReplicaNotAvailableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Replicas on their way to other log folders of their brokers (KIP-113). */
record FolderMoves(Admin admin, Report report) {
    private static final int TRY_AGAIN_MS = 100;

    /** {@return how far replicas are} @param wanted the folder of each */
    SortedMap<TopicPartitionReplica, FolderMove> states(SortedMap<TopicPartitionReplica, String> wanted)
            throws Exception {
        SortedMap<TopicPartitionReplica, FolderMove> states = new TreeMap<>(Reassignment.IN_ORDER);
        if (wanted.isEmpty()) {
            return states;
        }
        // A client would wait for a broker that is down.
        Set<Integer> up = Brokers.known(admin).keySet();
        Map<TopicPartitionReplica, KafkaFuture<ReplicaLogDirInfo>> shown = admin.describeReplicaLogDirs(
                        wanted.keySet().stream()
                                .filter(each -> up.contains(each.brokerId()))
                                .toList())
                .values();
        for (Map.Entry<TopicPartitionReplica, String> each : wanted.entrySet()) {
            KafkaFuture<ReplicaLogDirInfo> answer = shown.get(each.getKey());
            states.put(each.getKey(), FolderMove.of(each.getValue(), answer == null ? null : Answers.of(answer)));
        }
        return states;
    }

    /** Tells how far replicas are. @return whether all have ended */
    boolean print(SortedMap<TopicPartitionReplica, String> wanted) throws Exception {
        SortedMap<TopicPartitionReplica, FolderMove> states = states(wanted);
        report.text(states.entrySet().stream()
                .map(each -> each.getValue().text(each.getKey()))
                .collect(Collectors.joining("\n")));
        states.forEach((replica, state) -> report.object(
                "type",
                "replica",
                "topic",
                replica.topic(),
                "partition",
                replica.partition(),
                "broker",
                replica.brokerId(),
                "move",
                state.object()));
        return states.values().stream().allMatch(FolderMove::ended);
    }

    /**
     * Has replicas move to folders; tries again where a broker has no such replica yet, as it may be about to get it.
     *
     * @throws ToolException if a broker refuses, or time is over
     */
    void begin(SortedMap<TopicPartitionReplica, String> wanted, long timeoutMs) throws Exception {
        long start = System.nanoTime();
        SortedMap<TopicPartitionReplica, String> left = new TreeMap<>(wanted);
        while (true) {
            beginSome(left);
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(timeoutMs)) {
                throw new ToolException("No move to another log folder could be begun in " + timeoutMs + " ms for "
                        + left.keySet().stream().map(String::valueOf).collect(Collectors.joining(","))
                        + ": these brokers have no such replicas yet");
            }
            TimeUnit.MILLISECONDS.sleep(TRY_AGAIN_MS);
        }
    }

    private void beginSome(SortedMap<TopicPartitionReplica, String> left) throws Exception {
        Map<TopicPartitionReplica, KafkaFuture<Void>> answers =
                admin.alterReplicaLogDirs(left).values();
        for (TopicPartitionReplica each : List.copyOf(left.keySet())) {
            try {
                Answers.of(answers.get(each));
            } catch (ReplicaNotAvailableException | UnknownTopicOrPartitionException notYet) {
                continue;
            } catch (ApiException refused) {
                throw new ToolException(
                        "Replica " + each + " cannot move to " + left.get(each) + ": " + Failures.line(refused, null),
                        refused);
            }
            report.text("Successfully started moving log directory to " + left.get(each) + " for replica "
                    + each.topic() + "-" + each.partition() + " with broker " + each.brokerId() + " ");
            report.object(
                    "type",
                    "folderMoveStarted",
                    "topic",
                    each.topic(),
                    "partition",
                    each.partition(),
                    "broker",
                    each.brokerId(),
                    "logDir",
                    left.get(each));
            left.remove(each);
        }
    }
}
