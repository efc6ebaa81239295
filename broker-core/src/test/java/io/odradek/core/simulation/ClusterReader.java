package io.odradek.core.simulation;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.Consumer;

/** A client that reads on from where it stands, now and then from the beginning or from somewhere again. */
abstract class ClusterReader extends ClusterClient {
    private static final int LONGEST_WAIT_MS = 500;
    private static final int AGAIN_ONCE_IN = 60;

    ClusterReader(String name, ClusterWorld cluster, ClusterClients shared) {
        super(name, cluster, shared);
    }

    @Override
    protected final boolean writes() {
        return false;
    }

    /** {@return whether it reads {@link #somewhereBefore} where it stands next} */
    protected final boolean readsAgain() {
        return random.nextInt(AGAIN_ONCE_IN) == 0;
    }

    protected final long somewhereBefore(long position) {
        return random.nextBoolean() ? 0 : (long) (random.nextDouble() * position);
    }

    /** {@return how long a broker may wait for records} */
    protected final int someWaitMs() {
        return random.nextInt(LONGEST_WAIT_MS);
    }

    /**
     * Asks a leader, who must know the offset; the client goes on at the end.
     *
     * @param given is handed what the leader gives
     */
    protected final void fetch(
            TopicPartition id,
            ClientMetadata.Led led,
            long position,
            FetchRequest request,
            Consumer<PartitionData> given) {
        send(
                led.leader(),
                ApiKey.FETCH,
                ClusterRequests.FETCH_VERSION,
                request,
                answer -> answered(id, led, position, answer, given));
    }

    private void answered(
            TopicPartition id,
            ClientMetadata.Led led,
            long position,
            ApiResponse answer,
            Consumer<PartitionData> given) {
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
                given.accept(fetched);
                pause();
            }
            case OFFSET_OUT_OF_RANGE, UNKNOWN_SERVER_ERROR ->
                throw new Violation("It is told " + fetched.errorCode() + " at " + position + " of " + id
                        + " by broker " + led.leader() + " in epoch " + led.epoch());
            default -> refresh();
        }
    }
}
