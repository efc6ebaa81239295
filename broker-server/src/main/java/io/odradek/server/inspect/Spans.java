package io.odradek.server.inspect;

import io.odradek.core.metadata.MetadataImage;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the logs of partitions span, as their leaders know. Partitions whose leaders cannot tell are left out. */
final class Spans {
    private static final int VERSION = 7;
    private static final long EARLIEST = -2;
    private static final long LATEST = -1;
    private static final byte UNCOMMITTED = 0;
    private static final byte COMMITTED = 1;

    private final Questions questions;

    Spans(Questions questions) {
        this.questions = questions;
    }

    /** {@return what partitions span} */
    Map<TopicPartition, StoredPartition.Span> of(Collection<TopicPartition> partitions) {
        Map<TopicPartition, StoredPartition.Span> spans = new TreeMap<>();
        byLeader(partitions).forEach((leader, led) -> {
            Map<TopicPartition, Long> starts = ask(leader, led, EARLIEST, UNCOMMITTED);
            Map<TopicPartition, Long> stables = ask(leader, led, LATEST, COMMITTED);
            Map<TopicPartition, Long> ends = ask(leader, led, LATEST, UNCOMMITTED);
            starts.forEach((partition, start) -> {
                if (stables.containsKey(partition) && ends.containsKey(partition)) {
                    spans.put(partition, new StoredPartition.Span(start, stables.get(partition), ends.get(partition)));
                }
            });
        });
        return spans;
    }

    private SortedMap<Integer, SortedMap<String, List<Integer>>> byLeader(Collection<TopicPartition> partitions) {
        MetadataImage image = questions.image();
        SortedMap<Integer, SortedMap<String, List<Integer>>> byLeader = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            MetadataImage.TopicInfo topic = image.topics().get(partition.topic());
            if (topic == null || partition.partition() >= topic.partitions().size()) {
                continue;
            }
            int leader = topic.partitions().get(partition.partition()).leader();
            if (questions.ids().contains(leader)) {
                byLeader.computeIfAbsent(leader, id -> new TreeMap<>())
                        .computeIfAbsent(partition.topic(), name -> new ArrayList<>())
                        .add(partition.partition());
            }
        }
        return byLeader;
    }

    private Map<TopicPartition, Long> ask(
            int leader, SortedMap<String, List<Integer>> led, long timestamp, byte isolation) {
        List<ListOffsetsTopic> topics = new ArrayList<>(led.size());
        led.forEach((topic, indexes) -> topics.add(new ListOffsetsTopic(
                topic,
                indexes.stream()
                        .map(index -> new ListOffsetsPartition(index, -1, timestamp, 1))
                        .toList())));
        ListOffsetsRequest request = new ListOffsetsRequest(-1, isolation, topics);
        ListOffsetsResponse answer = questions.patiently(
                () -> questions.ask(leader, ApiKey.LIST_OFFSETS, VERSION, request, ListOffsetsResponse.class));
        Map<TopicPartition, Long> offsets = new TreeMap<>();
        for (ListOffsetsTopicResponse topic : answer.topics()) {
            for (ListOffsetsPartitionResponse partition : topic.partitions()) {
                if (partition.errorCode() == ErrorCode.NONE) {
                    offsets.put(new TopicPartition(topic.name(), partition.partitionIndex()), partition.offset());
                }
            }
        }
        return offsets;
    }
}
