package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what is committed, to its end and on, now and then from the beginning or from somewhere again. */
final class CommittedReader extends ClusterClient {
    private static final int LONGEST_WAIT_MS = 500;
    private static final int AGAIN_ONCE_IN = 60;

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

    @Override
    protected boolean writes() {
        return false;
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
        long position = positions.getOrDefault(id, 0L);
        if (random.nextInt(AGAIN_ONCE_IN) == 0) {
            position = random.nextBoolean() ? 0 : (long) (random.nextDouble() * position);
        }
        long from = position;
        send(
                led.leader(),
                ApiKey.FETCH,
                ClusterRequests.FETCH_VERSION,
                TransactionRequests.fetch(
                        led.topicId(), id.partition(), led.epoch(), from, random.nextInt(LONGEST_WAIT_MS)),
                answer -> answered(id, led, from, answer));
    }

    private void answered(TopicPartition id, ClientMetadata.Led led, long position, ApiResponse answer) {
        FetchResponse response = (FetchResponse) answer;
        if (response == null
                || response.errorCode() != ErrorCode.NONE
                || response.responses().isEmpty()) {
            refresh();
            return;
        }
        PartitionData fetched = response.responses().get(0).partitions().get(0);
        switch (fetched.errorCode()) {
            case NONE -> {
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
                pause();
            }
            case OFFSET_OUT_OF_RANGE, UNKNOWN_SERVER_ERROR ->
                throw new Violation("It is told " + fetched.errorCode() + " at " + position + " of " + id
                        + " by broker " + led.leader() + " in epoch " + led.epoch());
            default -> refresh();
        }
    }
}
