package io.odradek.core.engine;

import io.odradek.core.engine.Ledger.Topic;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.InitProducerIdResponse;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.nio.ByteBuffer;
import java.util.List;

/** Repeats each record until it is acknowledged, under a producer id, so that it must be there once. */
final class IdempotentProducer extends SimulatedClient {
    private static final int PARTITION = 0;
    private static final int FIRST_IDENTITY = 0;

    private final String name;
    private final Topic topic;
    private long producerId = -1;
    private short epoch;
    private int identities = FIRST_IDENTITY;
    private int sequence;
    private int incarnation = -1;
    private String value;

    IdempotentProducer(String name, String topicName, SimulatedWorld world, SimulatedBroker broker, Ledger ledger) {
        super(name, world, broker, ledger);
        this.name = name;
        this.topic = ledger.topic(topicName);
    }

    @Override
    protected void act() {
        if (topic.existence != Ledger.Existence.PRESENT) {
            pause();
        } else if (producerId < 0 || topic.incarnation != incarnation) {
            producerId = -1;
            incarnation = topic.incarnation;
            send(
                    ApiKey.INIT_PRODUCER_ID,
                    Requests.INIT_PRODUCER_ID_VERSION,
                    new InitProducerIdRequest(null, 60_000, -1, (short) -1),
                    this::identified);
        } else {
            produce();
        }
    }

    private void identified(ApiResponse answer) {
        if (answer instanceof InitProducerIdResponse given && given.errorCode() == ErrorCode.NONE) {
            producerId = given.producerId();
            epoch = given.producerEpoch();
            identities++;
            sequence = 0;
            value = null;
        }
        pause();
    }

    private void produce() {
        if (value == null) {
            value = topic.name + "-" + PARTITION + " " + name + "." + identities + " " + sequence;
            topic.sent(value);
        }
        ByteBuffer batch = Requests.batch(world.clock().wallMs(), List.of(value))
                .producer(producerId, epoch, sequence)
                .build();
        int sentTo = topic.incarnation;
        send(ApiKey.PRODUCE, Requests.PRODUCE_VERSION, Requests.produce(topic.name, PARTITION, -1, batch), answer -> {
            if (answer != null && topic.incarnation == sentTo) {
                answered(((ProduceResponse) answer)
                        .responses()
                        .get(0)
                        .partitionResponses()
                        .get(0));
            }
            pause();
        });
    }

    private void answered(PartitionProduceResponse outcome) {
        switch (outcome.errorCode()) {
            case NONE -> {
                topic.acknowledged(PARTITION, outcome.baseOffset(), value);
                sequence++;
                value = null;
            }
            case OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, UNKNOWN_PRODUCER_ID, DUPLICATE_SEQUENCE_NUMBER ->
                throw new AssertionError(name + " is told " + outcome.errorCode() + " of sequence " + sequence);
            default -> {
                // It is repeated as it was.
            }
        }
    }
}
