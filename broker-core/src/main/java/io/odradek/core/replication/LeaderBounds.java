package io.odradek.core.replication;

import io.odradek.core.replication.Appends.Work;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsPartition;
import io.odradek.protocol.api.ListOffsetsRequest.ListOffsetsTopic;
import io.odradek.protocol.api.ListOffsetsResponse;
import io.odradek.protocol.api.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.odradek.protocol.api.ListOffsetsResponse.ListOffsetsTopicResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Asks a leader where logs end that followers have lost, and where those begin whose end is not the matter. */
final class LeaderBounds {
    private static final int VERSION = 9;
    private static final byte READ_UNCOMMITTED = 0;
    private static final long LATEST = -1;
    private static final long EARLIEST = -4;

    private final LeaderLink link;
    private final int brokerId;

    LeaderBounds(LeaderLink link, int brokerId) {
        this.link = link;
        this.brokerId = brokerId;
    }

    private interface Decision {
        Reaction of(Copy copy, ErrorCode error, long offset);
    }

    /**
     * Asks.
     *
     * @param found is told what to do about each
     * @param failed is told that there was no answer
     */
    void find(List<Copy> lost, Consumer<List<Work>> found, Consumer<Throwable> failed) {
        ask(
                lost,
                LATEST,
                (copy, error, end) -> Reaction.toLeaderEnd(copy.state().position(), error, end),
                ends -> {
                    List<Work> decided = new ArrayList<>();
                    List<Copy> open = new ArrayList<>();
                    for (Work work : ends) {
                        if (work.reaction() instanceof Reaction.AskForStart) {
                            open.add(work.copy());
                        } else {
                            decided.add(work);
                        }
                    }
                    if (open.isEmpty()) {
                        found.accept(decided);
                        return;
                    }
                    ask(
                            open,
                            EARLIEST,
                            (copy, error, start) ->
                                    Reaction.toLeaderStart(copy.state().position(), error, start),
                            starts -> {
                                decided.addAll(starts);
                                found.accept(decided);
                            },
                            failed);
                },
                failed);
    }

    /** A partition that is not in the answer is treated as one with an error. */
    private void ask(
            List<Copy> copies,
            long timestamp,
            Decision decision,
            Consumer<List<Work>> decided,
            Consumer<Throwable> failed) {
        SortedMap<TopicPartition, Copy> asked = new TreeMap<>();
        SortedMap<String, List<ListOffsetsPartition>> topics = new TreeMap<>();
        for (Copy copy : copies) {
            asked.put(copy.id(), copy);
            topics.computeIfAbsent(copy.id().topic(), any -> new ArrayList<>())
                    .add(new ListOffsetsPartition(copy.id().partition(), copy.leaderEpoch(), timestamp, 1));
        }
        List<ListOffsetsTopic> wanted = new ArrayList<>();
        topics.forEach((topic, partitions) -> wanted.add(new ListOffsetsTopic(topic, partitions)));
        link.send(ApiKey.LIST_OFFSETS, VERSION, new ListOffsetsRequest(brokerId, READ_UNCOMMITTED, wanted))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        failed.accept(failure);
                    } else {
                        decided.accept(decide(asked, answer, decision));
                    }
                });
    }

    private static List<Work> decide(SortedMap<TopicPartition, Copy> asked, BrokerAnswer answer, Decision decision) {
        List<Work> work = new ArrayList<>();
        try (answer) {
            ListOffsetsResponse response = (ListOffsetsResponse) answer.response();
            for (ListOffsetsTopicResponse topic : response.topics()) {
                for (ListOffsetsPartitionResponse one : topic.partitions()) {
                    Copy copy = asked.remove(new TopicPartition(topic.name(), one.partitionIndex()));
                    if (copy != null) {
                        work.add(Work.of(copy, decision.of(copy, one.errorCode(), one.offset())));
                    }
                }
            }
        }
        for (Copy copy : asked.values()) {
            work.add(Work.of(copy, new Reaction.Wait(ErrorCode.UNKNOWN_SERVER_ERROR)));
        }
        return work;
    }
}
