package io.odradek.server.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.TimestampType;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** What lies in partition 0 of a topic, in words: of each batch its codec, and its records as {@code key=value@timestamp}. */
final class Stored {
    private static final int VERSION = 12;
    private static final int MAX_BYTES = 1 << 28;

    private Stored() {}

    /** {@return the offset after the last record} */
    static long end(ErrorsBed bed, String topic) throws IOException {
        return fetch(bed, topic, 0).highWatermark();
    }

    /** {@return what lies there from an offset on} */
    static String from(ErrorsBed bed, String topic, long offset) throws IOException {
        BytesPayload records = (BytesPayload) fetch(bed, topic, offset).records();
        return records == null ? "" : told(records.buffer(), offset);
    }

    private static FetchResponse.PartitionData fetch(ErrorsBed bed, String topic, long offset) throws IOException {
        var wanted = new FetchPartition(0, -1, offset, -1, -1, MAX_BYTES, Uuid.ZERO);
        var request = new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                0,
                0,
                MAX_BYTES,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic(topic, Uuid.ZERO, List.of(wanted))),
                List.of(),
                "");
        var data = bed.ask(request, VERSION, FetchResponse.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
        assertThat(data.errorCode()).isEqualTo(ErrorCode.NONE);
        return data;
    }

    private static String told(ByteBuffer batches, long offset) {
        StringJoiner words = new StringJoiner(" ");
        long expected = offset;
        int at = batches.position();
        try (RecordCursor cursor = new RecordCursor()) {
            while (at < batches.limit()) {
                assertThat(RecordBatch.computeCrc(batches, at)).isEqualTo(RecordBatch.crc(batches, at));
                words.add(CompressionCodec.ofId(RecordBatch.codecId(batches, at))
                        .name()
                        .toLowerCase(Locale.ROOT));
                boolean appendTime = RecordBatch.timestampType(batches, at) == TimestampType.LOG_APPEND_TIME;
                cursor.open(batches, at, MAX_BYTES);
                while (cursor.next()) {
                    assertThat(cursor.offset()).isEqualTo(expected++);
                    words.add(text(cursor.key())
                            + '='
                            + text(cursor.value())
                            + '@'
                            + (appendTime ? "append" : cursor.timestampMs()));
                }
                at += RecordBatch.sizeBytes(batches, at);
            }
        }
        return words.toString();
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null
                ? "null"
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
