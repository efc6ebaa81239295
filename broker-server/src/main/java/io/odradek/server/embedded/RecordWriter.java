package io.odradek.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.record.RecordHeader;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.server.inspect.Questions;
import io.odradek.server.inspect.StoredHeader;
import io.odradek.server.inspect.StoredRecord;
import io.odradek.server.inspect.TransactionState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes records as a producer does that asks for all acknowledgements, without a socket. */
final class RecordWriter {
    private static final int VERSION = 9;
    private static final short ALL = -1;
    private static final int TIMEOUT_MS = 30_000;
    private static final int MOST_BATCH_BYTES = 1 << 28;

    /** As producers have it: no broker refuses a batch for its length that has so few bytes, unless it is told to. */
    private static final int USUAL_BATCH_BYTES = 16_384;

    /** Around a record, or a header, at most. */
    private static final int FRAME_BYTES = 40;

    /** After these the records may be there: to write them again might double them. */
    private static final Set<ErrorCode> MAYBE_WRITTEN =
            EnumSet.of(ErrorCode.REQUEST_TIMED_OUT, ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);

    private final Questions questions;
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

    RecordWriter(Questions questions) {
        this.questions = questions;
    }

    /**
     * Writes records of a topic that is there: those of a partition in order, in batches such as producers make, partitions one
     * after the other.
     *
     * @param nowMs the timestamp of those that have none
     * @return the records as they are stored, in the order given
     */
    List<StoredRecord> write(String topic, List<NewRecord> records, long nowMs) {
        int partitions = questions.topic(topic).partitions().size();
        SortedMap<Integer, List<Integer>> places = new TreeMap<>();
        for (int i = 0; i < records.size(); i++) {
            int partition = partition(topic, records.get(i), partitions);
            places.computeIfAbsent(partition, index -> new ArrayList<>()).add(i);
        }
        StoredRecord[] stored = new StoredRecord[records.size()];
        places.forEach((partition, ofPartition) -> {
            for (int from = 0; from < ofPartition.size(); ) {
                List<Integer> inBatch = ofPartition.subList(from, batchEnd(records, ofPartition, from));
                List<NewRecord> batch = inBatch.stream().map(records::get).toList();
                PartitionProduceResponse written = write(topic, partition, batch, nowMs);
                for (int i = 0; i < batch.size(); i++) {
                    stored[inBatch.get(i)] = stored(partition, batch.get(i), written, i, nowMs);
                }
                from += inBatch.size();
            }
        });
        return List.of(stored);
    }

    /** {@return where the batch ends that begins here: it has one record at least} */
    private static int batchEnd(List<NewRecord> records, List<Integer> places, int from) {
        int end = from;
        long bytes = 0;
        while (end < places.size()) {
            bytes += mostBytes(records.get(places.get(end)));
            if (end > from && bytes > USUAL_BATCH_BYTES) {
                break;
            }
            end++;
        }
        return end;
    }

    private static long mostBytes(NewRecord record) {
        long bytes = FRAME_BYTES + length(record.key()) + length(record.value());
        for (StoredHeader header : record.headers()) {
            bytes += FRAME_BYTES + header.name().length() * 3L + length(header.bytes());
        }
        return bytes;
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private int partition(String topic, NewRecord record, int partitions) {
        if (record.partition() != null) {
            if (record.partition() < 0 || record.partition() >= partitions) {
                throw new IllegalArgumentException(
                        "Topic " + topic + " has no partition " + record.partition() + ": it has " + partitions);
            }
            return record.partition();
        }
        if (record.key() != null) {
            return KeyHash.partition(record.key(), partitions);
        }
        return Math.floorMod(
                turns.computeIfAbsent(topic, any -> new AtomicInteger()).getAndIncrement(), partitions);
    }

    private PartitionProduceResponse write(String topic, int partition, List<NewRecord> records, long nowMs) {
        String what = "Writing to " + topic + "-" + partition;
        PartitionProduceResponse written = questions.patiently(() -> {
            int leader = questions.topic(topic).partitions().get(partition).leader();
            Questions.require(leader < 0 ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE, what, null);
            PartitionProduceResponse answer = questions
                    .ask(
                            leader,
                            ApiKey.PRODUCE,
                            VERSION,
                            request(topic, partition, records, nowMs),
                            ProduceResponse.class)
                    .responses()
                    .get(0)
                    .partitionResponses()
                    .get(0);
            if (!MAYBE_WRITTEN.contains(answer.errorCode())) {
                Questions.require(answer.errorCode(), what, why(answer));
            }
            return answer;
        });
        Questions.require(written.errorCode(), what, why(written));
        return written;
    }

    private static String why(PartitionProduceResponse answer) {
        return answer.recordErrors().isEmpty()
                ? answer.errorMessage()
                : answer.recordErrors().get(0).batchIndexErrorMessage();
    }

    private static ProduceRequest request(String topic, int partition, List<NewRecord> records, long nowMs) {
        BatchBuilder batch = new BatchBuilder(MOST_BATCH_BYTES);
        for (NewRecord record : records) {
            List<RecordHeader> headers = new ArrayList<>(record.headers().size());
            for (StoredHeader header : record.headers()) {
                headers.add(new RecordHeader(ByteBuffer.wrap(header.name().getBytes(UTF_8)), wrapped(header.bytes())));
            }
            batch.append(timestampMs(record, nowMs), wrapped(record.key()), wrapped(record.value()), headers);
        }
        PartitionProduceData data = new PartitionProduceData(partition, new BytesPayload(batch.build()));
        return new ProduceRequest(null, ALL, TIMEOUT_MS, List.of(new TopicProduceData(topic, List.of(data))));
    }

    private static ByteBuffer wrapped(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static long timestampMs(NewRecord record, long nowMs) {
        return record.timestampMs() == null ? nowMs : record.timestampMs();
    }

    private static StoredRecord stored(
            int partition, NewRecord record, PartitionProduceResponse written, int index, long nowMs) {
        return new StoredRecord(
                partition,
                written.baseOffset() + index,
                written.logAppendTimeMs() >= 0 ? written.logAppendTimeMs() : timestampMs(record, nowMs),
                record.key(),
                record.value(),
                record.headers(),
                TransactionState.NONE);
    }
}
