package io.odradek.core.engine;

import io.odradek.core.engine.Ledger.Topic;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Sends every value once, and does not repeat what was not acknowledged. */
final class RecordProducer extends SimulatedClient {
    private final String name;
    private int count;

    RecordProducer(String name, SimulatedWorld world, SimulatedBroker broker, Ledger ledger) {
        super(name, world, broker, ledger);
        this.name = name;
    }

    @Override
    protected void act() {
        Topic topic = somePresent();
        if (topic == null) {
            pause();
            return;
        }
        int partition = random.nextInt(PARTITIONS);
        int acks = random.nextInt(10) == 0 ? 0 : random.nextBoolean() ? 1 : -1;
        List<String> values = values(topic, partition);
        values.forEach(topic::sent);
        ByteBuffer batch = Requests.batch(world.clock().wallMs(), values).build();
        int incarnation = topic.incarnation;
        send(ApiKey.PRODUCE, Requests.PRODUCE_VERSION, Requests.produce(topic.name, partition, acks, batch), answer -> {
            if (answer != null && topic.incarnation == incarnation) {
                acknowledged(topic, partition, values, (ProduceResponse) answer);
            }
            pause();
        });
    }

    private List<String> values(Topic topic, int partition) {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            values.add(topic.name + "-" + partition + " " + name + " " + count++);
        }
        return values;
    }

    private static void acknowledged(Topic topic, int partition, List<String> values, ProduceResponse answer) {
        PartitionProduceResponse outcome =
                answer.responses().get(0).partitionResponses().get(0);
        for (int i = 0; outcome.errorCode() == ErrorCode.NONE && i < values.size(); i++) {
            topic.acknowledged(partition, outcome.baseOffset() + i, values.get(i));
        }
    }
}
