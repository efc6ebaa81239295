package io.odradek.core.engine;

import io.odradek.core.engine.Ledger.Topic;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.SortedMap;

/** Reads partitions from the beginning on or from anywhere, and compares. */
final class RecordConsumer extends SimulatedClient {
    private static final int LONGEST_WAIT_MS = 500;

    RecordConsumer(String name, SimulatedWorld world, SimulatedBroker broker, Ledger ledger) {
        super(name, world, broker, ledger);
    }

    @Override
    protected void act() {
        Topic topic = somePresent();
        if (topic == null) {
            pause();
            return;
        }
        int partition = random.nextInt(PARTITIONS);
        long offset = random.nextInt(20) * (long) random.nextInt(2);
        int incarnation = topic.incarnation;
        send(
                ApiKey.FETCH,
                Requests.FETCH_VERSION,
                Requests.fetch(topic.name, partition, offset, random.nextInt(LONGEST_WAIT_MS)),
                answer -> {
                    if (answer != null && topic.incarnation == incarnation) {
                        check(topic, partition, offset, (FetchResponse) answer);
                    }
                    pause();
                });
    }

    private static void check(Topic topic, int partition, long offset, FetchResponse answer) {
        FetchResponse.PartitionData fetched =
                answer.responses().get(0).partitions().get(0);
        if (fetched.errorCode() == ErrorCode.NONE) {
            SortedMap<Long, String> values = Requests.values(fetched);
            long end = values.isEmpty() ? offset : values.lastKey() + 1;
            topic.check(partition, offset, end, values);
        }
    }
}
