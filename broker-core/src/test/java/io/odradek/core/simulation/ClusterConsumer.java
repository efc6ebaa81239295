package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads partitions to their ends and on, and compares everything it gets: each record follows the one before, epochs never go
 * back, nothing changes that was there once.
 */
final class ClusterConsumer extends ClusterReader {
    private static final int LARGEST_INFLATED_BYTES = 1 << 16;

    /** Where it stands in one partition of one incarnation of a topic. */
    private static final class Place {
        private long position;
        private int recordEpoch = -1;
        private int leaderEpoch = -1;
        private int leaderLife = -1;
        private long highWatermark = -1;
    }

    private record Incarnation(Uuid topicId, int partition) {}

    private final List<String> topics;
    private final RecordCursor cursor = new RecordCursor();
    private final Map<Incarnation, Place> places = new LinkedHashMap<>();
    private long read;

    ClusterConsumer(String name, ClusterWorld cluster, ClusterClients shared, List<String> topics) {
        super(name, cluster, shared);
        this.topics = topics;
    }

    @Override
    protected int meanPauseMs() {
        return 300;
    }

    /** {@return how many records it has been given} */
    long read() {
        return read;
    }

    @Override
    protected void act() {
        List<TopicPartition> partitions = metadata().of(topics.get(random.nextInt(topics.size())));
        TopicPartition id = partitions.isEmpty() ? null : partitions.get(random.nextInt(partitions.size()));
        ClientMetadata.Led led = id == null ? null : metadata().of(id);
        if (led == null || led.leader() < 0 || random.nextInt(50) == 0) {
            refresh();
            return;
        }
        Place place = places.computeIfAbsent(new Incarnation(led.topicId(), id.partition()), any -> new Place());
        if (readsAgain()) {
            place.position = somewhereBefore(place.position);
            place.recordEpoch = -1;
        }
        int life = cluster.brokers().get(led.leader() - 1).lives();
        FetchRequest request = ClusterRequests.fetch(
                led.topicId(), id.partition(), led.epoch(), place.position, place.recordEpoch, someWaitMs());
        fetch(id, led, place.position, request, fetched -> {
            place.highWatermark = life == place.leaderLife ? place.highWatermark : -1;
            place.leaderLife = life;
            check(id, led, place, fetched);
        });
    }

    private void check(TopicPartition id, ClientMetadata.Led led, Place place, PartitionData fetched) {
        Violation.unless(
                fetched.divergingEpoch().epoch() < 0,
                "What it has read of %s below %d diverges from broker %d's",
                id,
                place.position,
                led.leader());
        long before = place.position;
        readRecords(id, led, place, fetched);
        Violation.unless(
                place.position == before || place.position <= fetched.highWatermark(),
                "It is given records of %s up to %d, above the high watermark %d",
                id,
                place.position,
                fetched.highWatermark());
        Violation.unless(
                fetched.lastStableOffset() <= fetched.highWatermark(),
                "The last stable offset of %s is %d, above the high watermark %d",
                id,
                fetched.lastStableOffset(),
                fetched.highWatermark());
        Violation.unless(
                led.epoch() != place.leaderEpoch || fetched.highWatermark() >= place.highWatermark,
                "The high watermark of %s goes back from %d to %d under one leader in epoch %d",
                id,
                place.highWatermark,
                fetched.highWatermark(),
                led.epoch());
        place.leaderEpoch = led.epoch();
        place.highWatermark = fetched.highWatermark();
    }

    private void readRecords(TopicPartition id, ClientMetadata.Led led, Place place, PartitionData fetched) {
        if (!(fetched.records() instanceof BytesPayload payload)) {
            return;
        }
        ByteBuffer buffer = payload.buffer();
        ClusterLedger.Records records = shared.records().records(led.topicId(), id);
        for (MemoryRecords batches = MemoryRecords.tolerant(buffer); batches.next(); ) {
            Violation.unless(
                    RecordBatch.hasValidCrc(buffer, batches.position()), "A batch of %s has a wrong checksum", id);
            int epoch = RecordBatch.leaderEpoch(buffer, batches.position());
            Violation.unless(
                    epoch >= place.recordEpoch && epoch <= led.epoch(),
                    "After a record of epoch %d in %s comes one of epoch %d, in epoch %d",
                    place.recordEpoch,
                    id,
                    epoch,
                    led.epoch());
            cursor.open(buffer, batches.position(), LARGEST_INFLATED_BYTES);
            while (cursor.next()) {
                if (cursor.offset() < place.position) {
                    continue;
                }
                Violation.unless(
                        cursor.offset() == place.position,
                        "After the record before %d of %s comes the one at %d",
                        place.position,
                        id,
                        cursor.offset());
                if (!RecordBatch.isControl(buffer, batches.position())) {
                    shared.records()
                            .read(records, cursor.offset(), cursor.value().getLong());
                }
                place.recordEpoch = epoch;
                place.position++;
                read++;
            }
        }
    }
}
