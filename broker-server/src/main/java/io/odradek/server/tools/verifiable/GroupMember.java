package io.odradek.server.tools.verifiable;

import io.odradek.server.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;

/** Reads as a member of a group, and tells what happens. */
final class GroupMember implements ConsumerRebalanceListener {
    private final Consumer<String, String> consumer;
    private final Events events;
    private final boolean tellsRecords;
    private final boolean commits;
    private long read;

    /**
     * @param tellsRecords whether each record is told of
     * @param commits whether it commits what it has read; else the consumer does
     */
    GroupMember(Consumer<String, String> consumer, Events events, boolean tellsRecords, boolean commits) {
        this.consumer = consumer;
        this.events = events;
        this.tellsRecords = tellsRecords;
        this.commits = commits;
    }

    void read(String topic, long maxRecords) {
        consumer.subscribe(List.of(topic), this);
        while (read < maxRecords && events.areRead()) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(Long.MAX_VALUE));
            if (records.isEmpty()) {
                continue;
            }
            Map<TopicPartition, OffsetAndMetadata> positions = tell(records, maxRecords);
            if (commits) {
                commit(positions);
            }
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> tell(ConsumerRecords<String, String> records, long maxRecords) {
        Map<TopicPartition, OffsetAndMetadata> positions = new LinkedHashMap<>();
        List<Map<String, Object>> partitions = new ArrayList<>();
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<String, String>> all = records.records(partition);
            List<ConsumerRecord<String, String>> taken = all.subList(0, (int) Math.min(all.size(), maxRecords - read));
            if (taken.isEmpty()) {
                continue;
            }
            long first = taken.get(0).offset();
            long last = taken.get(taken.size() - 1).offset();
            positions.put(partition, new OffsetAndMetadata(last + 1));
            Map<String, Object> summary = Events.of(partition);
            summary.putAll(Json.object("count", taken.size(), "minOffset", first, "maxOffset", last));
            partitions.add(summary);
            if (tellsRecords) {
                taken.forEach(this::tell);
            }
            read += taken.size();
        }
        events.print("records_consumed", "count", records.count(), "partitions", partitions);
        return positions;
    }

    private void tell(ConsumerRecord<String, String> record) {
        events.print(
                "record_data",
                "key",
                record.key(),
                "value",
                record.value(),
                "topic",
                record.topic(),
                "partition",
                record.partition(),
                "offset",
                record.offset());
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> positions) {
        try {
            consumer.commitSync(positions);
            committed(positions, null);
        } catch (WakeupException interrupted) {
            // It is told to end once only.
            consumer.commitSync(positions);
            committed(positions, null);
            throw interrupted;
        } catch (FencedInstanceIdException replaced) {
            throw replaced;
        } catch (KafkaException failure) {
            committed(positions, failure.getMessage());
        }
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> positions, String failure) {
        List<Map<String, Object>> offsets = new ArrayList<>();
        positions.forEach((partition, position) -> {
            Map<String, Object> offset = Events.of(partition);
            offset.put("offset", position.offset());
            offsets.add(offset);
        });
        if (failure == null) {
            events.print("offsets_committed", "offsets", offsets, "success", true);
        } else {
            events.print("offsets_committed", "offsets", offsets, "error", failure, "success", false);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        events.print(
                "partitions_assigned",
                "partitions",
                partitions.stream().map(Events::of).toList());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        events.print(
                "partitions_revoked",
                "partitions",
                partitions.stream().map(Events::of).toList());
    }
}
