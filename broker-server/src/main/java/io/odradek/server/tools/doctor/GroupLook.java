package io.odradek.server.tools.doctor;

import io.odradek.server.tools.Answers;
import io.odradek.server.tools.TopicPartitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;

/** Looks twice at groups that have members, and finds those that are behind and have not committed anything in between. */
record GroupLook(Admin admin, Consumer<Finding> found, int seconds) {
    private static final String ABOUT = "groups";

    /** How far a group is, and how many records are before it. */
    record Progress(Map<TopicPartition, Long> committed, long lag) {}

    void look() throws Exception {
        Map<String, Progress> before = progress(working());
        before.values().removeIf(each -> each.lag() == 0);
        if (before.isEmpty()) {
            found.accept(Finding.ok(ABOUT, "none with members is behind"));
            return;
        }
        TimeUnit.SECONDS.sleep(seconds);
        Map<String, Progress> after = progress(new ArrayList<>(before.keySet()));
        List<String> stuck = new ArrayList<>();
        before.forEach((group, then) -> {
            Progress now = after.get(group);
            if (isStuck(then, now)) {
                stuck.add(group + " (" + now.lag() + " records behind)");
            }
        });
        found.accept(
                stuck.isEmpty()
                        ? Finding.ok(ABOUT, "all that are behind go on")
                        : Finding.warn(
                                ABOUT,
                                ClusterLook.names(stuck) + " committed nothing for " + seconds + " s",
                                "See whether their members still poll and commit"
                                        + " (broker-consumer-groups.sh --describe --members --group GROUP)"));
    }

    /** {@return whether a group is behind and nothing that it has committed has moved} */
    static boolean isStuck(Progress before, Progress now) {
        return now != null
                && now.lag() >= before.lag()
                && now.lag() > 0
                && now.committed().equals(before.committed());
    }

    private List<String> working() throws Exception {
        ListGroupsOptions stable = ListGroupsOptions.forConsumerGroups();
        return Answers.of(admin.listGroups(stable).all()).stream()
                .filter(group ->
                        group.groupState().filter(GroupState.STABLE::equals).isPresent())
                .map(GroupListing::groupId)
                .sorted()
                .toList();
    }

    private Map<String, Progress> progress(List<String> groups) throws Exception {
        Map<String, ListConsumerGroupOffsetsSpec> asked = new TreeMap<>();
        groups.forEach(group -> asked.put(group, new ListConsumerGroupOffsetsSpec()));
        Map<String, Progress> progress = new TreeMap<>();
        if (asked.isEmpty()) {
            return progress;
        }
        Map<String, Map<TopicPartition, OffsetAndMetadata>> positions =
                Answers.of(admin.listConsumerGroupOffsets(asked).all());
        Map<TopicPartition, Long> ends = ends(positions);
        positions.forEach((group, offsets) -> {
            Map<TopicPartition, Long> committed = new HashMap<>();
            long lag = 0;
            for (Map.Entry<TopicPartition, OffsetAndMetadata> each : offsets.entrySet()) {
                if (each.getValue() != null && ends.containsKey(each.getKey())) {
                    committed.put(each.getKey(), each.getValue().offset());
                    lag += Math.max(0, ends.get(each.getKey()) - each.getValue().offset());
                }
            }
            progress.put(group, new Progress(committed, lag));
        });
        return progress;
    }

    private Map<TopicPartition, Long> ends(Map<String, Map<TopicPartition, OffsetAndMetadata>> positions)
            throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new TreeMap<>(TopicPartitions.IN_ORDER);
        positions
                .values()
                .forEach(each -> each.keySet().forEach(partition -> asked.put(partition, OffsetSpec.latest())));
        ListOffsetsResult answer = admin.listOffsets(asked);
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition each : asked.keySet()) {
            try {
                ends.put(each, Answers.of(answer.partitionResult(each)).offset());
            } catch (ApiException untold) {
                // A topic that is gone, or a partition without a leader, which is a finding of its own.
            }
        }
        return ends;
    }
}
