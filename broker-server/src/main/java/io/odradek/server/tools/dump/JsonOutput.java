package io.odradek.server.tools.dump;

import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.storage.log.AbortedTransaction;
import io.odradek.storage.producer.SnapshotEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines for programs: one JSON object each, with its type and its file. */
final class JsonOutput implements DumpOutput {
    private final LineWriter lines;
    private final DumpOptions options;
    private final RecordText text = new RecordText();
    private String file = "";

    JsonOutput(LineWriter lines, DumpOptions options) {
        this.lines = lines;
        this.options = options;
    }

    @Override
    public void file(DumpedFile newFile) throws IOException {
        file = newFile.path().toString();
        if (options.mode() == DumpOptions.Mode.VERIFY_INDEXES) {
            return;
        }
        JsonWriter object = object("file").field("kind", newFile.kind().label());
        if (newFile.kind().ofSegment()) {
            object.field("baseOffset", newFile.baseOffset());
        }
        end(object);
    }

    @Override
    public void batch(DumpedBatch batch) throws IOException {
        ByteBuffer buffer = batch.buffer();
        int at = batch.at();
        JsonWriter object = object("batch")
                .field("baseOffset", batch.baseOffset())
                .field("lastOffset", batch.lastOffset())
                .field("count", RecordBatch.recordCount(buffer, at))
                .field("baseSequence", batch.baseSequence())
                .field("lastSequence", RecordBatch.lastSequence(buffer, at))
                .field("producerId", RecordBatch.producerId(buffer, at))
                .field("producerEpoch", RecordBatch.producerEpoch(buffer, at))
                .field("partitionLeaderEpoch", RecordBatch.leaderEpoch(buffer, at))
                .field("isTransactional", RecordBatch.isTransactional(buffer, at))
                .field("isControl", batch.isControl());
        if (RecordBatch.hasDeleteHorizon(buffer, at)) {
            object.field("deleteHorizonMs", RecordBatch.baseTimestamp(buffer, at));
        }
        end(object.field("position", batch.position())
                .field("timestampType", batch.timestampType())
                .field("maxTimestamp", RecordBatch.maxTimestamp(buffer, at))
                .field("size", RecordBatch.sizeBytes(buffer, at))
                .field("magic", RecordBatch.magic(buffer, at))
                .field("compresscodec", batch.codec())
                .field("crc", batch.crc())
                .field("isvalid", batch.valid()));
    }

    @Override
    public void message(DumpedBatch message) throws IOException {
        end(object("message")
                .field("offset", message.lastOffset())
                .field("position", message.position())
                .field("timestampType", message.timestampType())
                .field("maxTimestamp", RecordBatch.maxTimestamp(message.buffer(), message.at()))
                .field("size", RecordBatch.sizeBytes(message.buffer(), message.at()))
                .field("magic", RecordBatch.magic(message.buffer(), message.at()))
                .field("compresscodec", message.codec())
                .field("crc", message.crc())
                .field("isvalid", message.valid()));
    }

    @Override
    public void record(DumpedBatch message, LegacyCursor record, DecodedRecord decoded) throws IOException {
        JsonWriter object = object("record");
        if (!options.skipRecordMetadata()) {
            object.field("offset", record.offset())
                    .field("timestampType", message.timestampType())
                    .field("timestamp", record.timestampMs())
                    .field("keySize", record.keySize())
                    .field("valueSize", record.valueSize())
                    .field("isValid", record.hasValidCrc())
                    .field("crc", record.crc());
        }
        endRecord(object, record.key(), record.value(), decoded);
    }

    @Override
    public void record(DumpedBatch batch, RecordCursor record, DecodedRecord decoded) throws IOException {
        endRecord(startRecord("record", batch, record), record.key(), record.value(), decoded);
    }

    private void endRecord(JsonWriter object, ByteBuffer key, ByteBuffer value, DecodedRecord decoded)
            throws IOException {
        if (decoded != null) {
            object.field("decodedKey", decoded.key()).field("decodedValue", decoded.value());
        } else if (options.contents() == DumpOptions.Contents.KEYS_AND_VALUES) {
            bytes(object, "key", key);
            bytes(object, "value", value);
        }
        end(object);
    }

    @Override
    public void control(DumpedBatch batch, RecordCursor record, ControlRecord marker) throws IOException {
        JsonWriter object = startRecord("control", batch, record);
        if (marker == null) {
            object.field("controlType", record.buffer().getShort(record.keyPosition() + Short.BYTES));
        } else {
            object.field("endTxnMarker", marker.type().name()).field("coordinatorEpoch", marker.coordinatorEpoch());
        }
        end(object);
    }

    private JsonWriter startRecord(String type, DumpedBatch batch, RecordCursor record) {
        JsonWriter object = object(type);
        if (options.skipRecordMetadata()) {
            return object;
        }
        object.field("offset", record.offset())
                .field("timestampType", batch.timestampType())
                .field("timestamp", record.timestampMs())
                .field("keySize", record.keySize())
                .field("valueSize", record.valueSize())
                .field("sequence", batch.sequence(record.offsetDelta()));
        List<JsonWriter> headers = new ArrayList<>(record.headerCount());
        while (record.nextHeader()) {
            JsonWriter header = bytes(new JsonWriter(), "key", record.headerKey());
            if (options.contents() == DumpOptions.Contents.KEYS_AND_VALUES) {
                bytes(header, "value", record.headerValue());
            }
            headers.add(header);
        }
        return object.objects("headers", headers);
    }

    @Override
    public void offsetIndexEntry(long offset, int position) throws IOException {
        end(object("offsetIndexEntry").field("offset", offset).field("position", position));
    }

    @Override
    public void timeIndexEntry(long timestampMs, long offset) throws IOException {
        end(object("timeIndexEntry").field("timestamp", timestampMs).field("offset", offset));
    }

    @Override
    public void abortedTransaction(AbortedTransaction aborted) throws IOException {
        end(object("abortedTransaction")
                .field("producerId", aborted.producerId())
                .field("firstOffset", aborted.firstOffset())
                .field("lastOffset", aborted.lastOffset())
                .field("lastStableOffset", aborted.lastStableOffset()));
    }

    @Override
    public void producer(SnapshotEntry producer) throws IOException {
        JsonWriter object = object("producer")
                .field("producerId", producer.producerId())
                .field("producerEpoch", producer.producerEpoch())
                .field("coordinatorEpoch", producer.coordinatorEpoch());
        if (producer.currentTransactionFirstOffset() >= 0) {
            object.field("currentTxnFirstOffset", producer.currentTransactionFirstOffset());
        }
        object.field("lastTimestamp", producer.timestampMs());
        if (producer.hasBatch()) {
            object.field("firstSequence", producer.firstSequence())
                    .field("lastSequence", producer.lastSequence())
                    .field("lastOffset", producer.lastOffset())
                    .field("offsetDelta", producer.offsetDelta());
        }
        end(object);
    }

    @Override
    public void leaderEpoch(int epoch, long startOffset) throws IOException {
        end(object("leaderEpoch").field("leaderEpoch", epoch).field("startOffset", startOffset));
    }

    @Override
    public void offset(TopicPartition partition, long offset) throws IOException {
        end(object("offset")
                .field("topic", partition.topic())
                .field("partition", partition.partition())
                .field("offset", offset));
    }

    @Override
    public void properties(String... namesAndValues) throws IOException {
        JsonWriter object = object("properties");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                object.field(namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        end(object);
    }

    @Override
    public void passed(DumpedFile passedFile) throws IOException {
        end(object("passed"));
    }

    @Override
    public void note(Path path, String what) throws IOException {
        if (options.mode() == DumpOptions.Mode.SHOW) {
            end(new JsonWriter()
                    .field("type", "note")
                    .field("file", path.toString())
                    .field("what", what));
        }
    }

    @Override
    public void problem(Path path, long position, String what, String advice) throws IOException {
        JsonWriter object = new JsonWriter().field("type", "problem").field("file", path.toString());
        if (position >= 0) {
            object.field("position", position);
        }
        end(object.field("what", what).field("advice", advice));
    }

    @Override
    public void flush() throws IOException {
        lines.flush();
    }

    private JsonWriter object(String type) {
        return new JsonWriter().field("type", type).field("file", file);
    }

    private void end(JsonWriter object) throws IOException {
        lines.line(object.text());
    }

    private JsonWriter bytes(JsonWriter object, String name, ByteBuffer value) {
        if (value == null) {
            return object.field(name, (String) null);
        }
        String utf8 = text.utf8(value);
        return object.field(name, utf8 != null ? utf8 : RecordText.base64(value))
                .field(name + "Encoding", utf8 != null ? "utf8" : "base64");
    }
}
