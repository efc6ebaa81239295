package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what is committed, to its end and on. */
final class CommittedReader extends ClusterReader {
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> positions = new TreeMap<>();
    private long read;

    /** @param partitions of topics that are never deleted */
    CommittedReader(String name, ClusterWorld cluster, ClusterClients shared, List<TopicPartition> partitions) {
        super(name, cluster, shared);
        this.partitions = partitions;
    }

    @Override
    protected int meanPauseMs() {
        return 600;
    }

    /** {@return how many records it has been given} */
    long read() {
        return read;
    }

    @Override
    protected void act() {
        TopicPartition id = partitions.get(random.nextInt(partitions.size()));
        ClientMetadata.Led led = metadata().of(id);
        if (led == null || led.leader() < 0) {
            refresh();
            return;
        }
        long stands = positions.getOrDefault(id, 0L);
        long from = readsAgain() ? somewhereBefore(stands) : stands;
        FetchRequest request =
                TransactionRequests.fetch(led.topicId(), id.partition(), led.epoch(), from, someWaitMs());
        fetch(id, led, from, request, fetched -> read(id, led, from, fetched));
    }

    private void read(TopicPartition id, ClientMetadata.Led led, long position, PartitionData fetched) {
        ClusterLedger.Records records = shared.records().records(led.topicId(), id);
        positions.put(id, CommittedRecords.read(id, fetched, position, (offset, value, shown) -> {
            shared.records().read(records, offset, value);
            if (shown) {
                shared.transactions().shown(value);
                read++;
            } else {
                shared.transactions().hidden(value);
            }
        }));
    }
}
