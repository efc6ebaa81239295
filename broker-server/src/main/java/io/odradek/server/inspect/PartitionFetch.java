package io.odradek.server.inspect;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Fetches from a partition's leader. */
final class PartitionFetch {
    private static final int VERSION = 12;
    private static final int LEAST_BYTES = 1 << 14;
    private static final int MOST_BYTES = 1 << 20;

    private final Questions questions;
    private final TopicPartition partition;
    private final int mostBytes;

    /**
     * @param questions finds the leader
     * @param partition is there, as far as is known
     * @param wantedBytes of records are wanted in all
     */
    PartitionFetch(Questions questions, TopicPartition partition, long wantedBytes) {
        this.questions = questions;
        this.partition = partition;
        this.mostBytes = (int) Math.max(LEAST_BYTES, Math.min(MOST_BYTES, wantedBytes));
    }

    /**
     * What a leader has given.
     *
     * @param data its answer
     * @param batches the batches from the offset on, the last of which may be cut
     */
    record Fetched(PartitionData data, ByteBuffer batches) {
        StoredPartition.Span span() {
            return new StoredPartition.Span(data.logStartOffset(), data.lastStableOffset(), data.highWatermark());
        }
    }

    /**
     * Fetches what there is, without waiting.
     *
     * @param committed whether what lies beyond the last stable offset is left out
     * @throws InspectionException OFFSET_OUT_OF_RANGE among others
     */
    Fetched fetch(long offset, boolean committed) {
        return questions.patiently(() -> {
            PartitionData data = ask(offset, committed);
            Questions.require(data.errorCode(), "Reading " + partition + " at offset " + offset);
            return new Fetched(data, bytes(data.records()));
        });
    }

    private PartitionData ask(long offset, boolean committed) {
        FetchPartition wish = new FetchPartition(partition.partition(), -1, offset, -1, -1, mostBytes, Uuid.ZERO);
        FetchRequest request = new FetchRequest(
                null,
                -1,
                new ReplicaState(-1, -1),
                0,
                0,
                mostBytes,
                (byte) (committed ? 1 : 0),
                0,
                -1,
                List.of(new FetchTopic(partition.topic(), Uuid.ZERO, List.of(wish))),
                List.of(),
                "");
        return questions
                .ask(leader(), ApiKey.FETCH, VERSION, request, FetchResponse.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }

    private int leader() {
        var partitions = questions.topic(partition.topic()).partitions();
        if (partition.partition() < 0 || partition.partition() >= partitions.size()) {
            throw UnknownTopicException.partition(partition.topic(), partition.partition(), partitions.size());
        }
        int leader = partitions.get(partition.partition()).leader();
        if (leader < 0) {
            Questions.require(ErrorCode.LEADER_NOT_AVAILABLE, "Reading " + partition);
        }
        return leader;
    }

    /** Slices of files are to be read before what is deleted has been closed. */
    private ByteBuffer bytes(Payload records) {
        if (records instanceof BytesPayload memory) {
            return memory.buffer().duplicate();
        }
        if (records instanceof FileSlice slice) {
            ByteBuffer read = ByteBuffer.allocate(slice.sizeBytes());
            try {
                slice.file().read(read, slice.position());
            } catch (IOException failure) {
                throw new InspectionException(partition + " cannot be read: " + failure.getMessage(), failure);
            }
            return read.flip();
        }
        return ByteBuffer.allocate(0);
    }
}
