package io.odradek.core.request;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Producers that each send a batch, wait for the answer, and send the next. What was acknowledged is remembered. */
final class CommittedLoad {
    /** The checksum of each acknowledged batch by base offset, for each partition. */
    final List<TreeMap<Long, Integer>> acknowledged = new ArrayList<>();

    final List<ErrorCode> errors = new ArrayList<>();
    int requests;
    private final Random random;
    private final Flight[] flights;

    private record Flight(TestContext context, int partition, int crc) {}

    CommittedLoad(Random random, int producers, int partitions) {
        this.random = random;
        this.flights = new Flight[producers];
        for (int i = 0; i < partitions; i++) {
            acknowledged.add(new TreeMap<>());
        }
    }

    /** Takes the answers that have come and lets those who have theirs send again, by chance. */
    void step(CommitBed bed) {
        for (int i = 0; i < flights.length; i++) {
            take(i);
            if (flights[i] == null && random.nextInt(4) > 0) {
                flights[i] = send(bed.producer);
            }
        }
    }

    /** The broker is gone, and with it the answers that had not come. */
    void disconnect() {
        for (int i = 0; i < flights.length; i++) {
            take(i);
            flights[i] = null;
        }
    }

    private void take(int i) {
        Flight flight = flights[i];
        if (flight == null || !flight.context.isCompleted()) {
            return;
        }
        flights[i] = null;
        ProduceResponse response = flight.context.response(ProduceResponse.class);
        PartitionProduceResponse result =
                response.responses().get(0).partitionResponses().get(0);
        if (result.errorCode() == ErrorCode.NONE) {
            acknowledged.get(flight.partition).put(result.baseOffset(), flight.crc);
        } else {
            errors.add(result.errorCode());
        }
    }

    private Flight send(ProduceHandler producer) {
        int partition = random.nextInt(acknowledged.size());
        Payload records = TestRecords.batch("value " + requests++, "x".repeat(random.nextInt(200)));
        int crc = RecordBatch.crc(TestRecords.bytes(records), 0);
        TestContext context = new TestContext(ApiKey.PRODUCE, 9);
        short acks = (short) (random.nextBoolean() ? 1 : -1);
        ProduceRequest.PartitionProduceData data = new ProduceRequest.PartitionProduceData(partition, records);
        producer.handle(
                new ProduceRequest(
                        null,
                        acks,
                        60_000,
                        List.of(new ProduceRequest.TopicProduceData(CommitBed.TOPIC, List.of(data)))),
                context);
        return new Flight(context, partition, crc);
    }

    /** {@return how many batches were acknowledged} */
    int acknowledgements() {
        int sum = 0;
        for (Map<Long, Integer> partition : acknowledged) {
            sum += partition.size();
        }
        return sum;
    }
}
